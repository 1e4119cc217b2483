/** What a text from elsewhere holds as JSON, or undefined if it is none. */
export function jsonIn(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
