import type { Clock } from "../Clock.js";
import type { ConnectionLoop } from "./ConnectionLoop.js";
import { Deferred } from "../Deferred.js";
import type { PushError } from "../errors/PushError.js";
import { StartTimeoutError } from "../errors/StartTimeoutError.js";
import { StoppedError } from "../errors/StoppedError.js";
import type { StartOptions } from "../StartOptions.js";

/** What stands between `start()` and the end of what it started. */
export class Run {
  readonly #loop: ConnectionLoop;
  readonly #connected = new Deferred();
  #failure: PushError | undefined;

  constructor(loop: ConnectionLoop) {
    this.#loop = loop;
    // Whoever does not wait for start() is told of a failure through onState, and needs no unhandled rejection on top.
    this.connected.catch(() => {});
  }

  /** The promise that `start()` gives out. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  begin(): void {
    void this.#loop.run();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  hasConnected(): void {
    this.#connected.resolve();
  }

  hasStopped(error: PushError): void {
    this.#connected.reject(error);
  }

  /** Notes the failure of an attempt. Whether it is the first. */
  hasFailed(failure: PushError): boolean {
    const isFirst = this.#failure === undefined;
    this.#failure = failure;
    return isFirst;
  }

  /** Ends as {@link connected} does, but calls `giveUp` if that takes too long, or if the signal aborts first. */
  async connectedWithin({ timeout, signal }: StartOptions, clock: Clock, giveUp: (error: PushError) => void): Promise<void> {
    const over = new AbortController();
    signal?.addEventListener("abort", () => giveUp(new StoppedError(signal.reason)), { signal: over.signal });
    if (timeout !== undefined) {
      void clock.wait(timeout, over.signal).then(() => over.signal.aborted || giveUp(new StartTimeoutError(timeout, this.#failure)));
    }

    try {
      await this.connected;
    } finally {
      over.abort();
    }
  }
}
