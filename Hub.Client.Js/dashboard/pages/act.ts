/** Does something, and writes into an output what came of it, in words. What was given up because its page is over is not told. */
export async function act(output: HTMLElement, work: () => Promise<string>): Promise<void> {
  try {
    output.textContent = await work();
    output.removeAttribute("data-failed");
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      return;
    }

    output.textContent = error instanceof Error ? error.message : String(error);
    output.setAttribute("data-failed", "");
  }
}
