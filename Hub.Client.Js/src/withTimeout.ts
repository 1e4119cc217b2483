import type { Clock } from "./Clock.js";
import { ConnectionError } from "./errors/ConnectionError.js";
import { PushError } from "./errors/PushError.js";
import { StoppedError } from "./errors/StoppedError.js";
import { listenUntil } from "./listenUntil.js";

/**
 * Ends as `work` does, unless `stop` aborts first (then it rejects with its reason) or the time is up first (`TooLate`). In both cases the
 * signal that the work was given aborts, so that the work ends too.
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  ms: number,
  clock: Clock,
  stop: AbortSignal,
  TooLate: new (message: string) => ConnectionError = ConnectionError,
): Promise<T> {
  if (stop.aborted) {
    throw reasonOf(stop);
  }

  const working = new AbortController();
  const over = new AbortController();
  listenUntil(over.signal, stop, "abort", () => over.abort());
  const giveUp = async (): Promise<never> => {
    await clock.wait(ms, over.signal);
    throw stop.aborted ? reasonOf(stop) : new TooLate(`There was no answer within ${ms / 1_000} seconds.`);
  };
  try {
    return await Promise.race([work(working.signal), giveUp()]);
  } catch (error) {
    working.abort();
    throw error;
  } finally {
    over.abort();
  }
}

function reasonOf({ reason }: AbortSignal): PushError {
  return reason instanceof PushError ? reason : new StoppedError();
}
