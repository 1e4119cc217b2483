import type { Clock } from "./Clock.js";
import { ConnectionError } from "./errors/ConnectionError.js";
import { StoppedError } from "./errors/StoppedError.js";

/** Settles as `work` does, unless `stop` aborts (StoppedError) or the time is up (ConnectionError) before it has. */
export async function withinTime<T>(work: () => Promise<T>, ms: number, clock: Clock, stop: AbortSignal): Promise<T> {
  if (stop.aborted) {
    throw new StoppedError();
  }

  const over = new AbortController();
  stop.addEventListener("abort", () => over.abort(), { signal: over.signal });
  const giveUp = async (): Promise<never> => {
    await clock.wait(ms, over.signal);
    throw stop.aborted ? new StoppedError() : new ConnectionError(`There was no answer within ${ms / 1_000} seconds.`);
  };
  try {
    return await Promise.race([work(), giveUp()]);
  } finally {
    over.abort();
  }
}
