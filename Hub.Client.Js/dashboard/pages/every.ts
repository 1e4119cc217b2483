import { failed } from "../failed.js";
import { live } from "../live.js";
import { act } from "./act.js";

/** Does something at once and then whenever there is something new, until it is over. What fails is told until it works again. */
export async function every(over: AbortSignal, work: () => Promise<void>, output: HTMLElement = failed): Promise<void> {
  while (!over.aborted) {
    await act(output, async () => {
      await work();
      return "";
    });
    await live.next(over);
  }
}
