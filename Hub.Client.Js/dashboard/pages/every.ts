import { listenUntil } from "../../src/listenUntil.js";
import { failed } from "../failed.js";
import { act } from "./act.js";

const pauseMs = 5_000;

/** Does something at once and then every five seconds, until it is over. What fails is told until it works again. */
export async function every(over: AbortSignal, work: () => Promise<void>, output: HTMLElement = failed): Promise<void> {
  while (!over.aborted) {
    await act(output, async () => {
      await work();
      return "";
    });
    await pause(over);
  }
}

/** Leaves no listener behind: a page may stay open for days. */
function pause(over: AbortSignal): Promise<void> {
  const passed = new AbortController();
  return new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      passed.abort();
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    listenUntil(passed.signal, over, "abort", end);
  });
}
