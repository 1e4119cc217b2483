import type { Clock } from "../Clock.js";
import type { ConnectionLoop } from "./ConnectionLoop.js";
import { Deferred } from "../Deferred.js";
import type { PushError } from "../errors/PushError.js";
import { StartTimeoutError } from "../errors/StartTimeoutError.js";
import { StoppedError } from "../errors/StoppedError.js";
import { listenUntil } from "../listenUntil.js";
import type { StartOptions } from "../StartOptions.js";

/** One run of the client, from `start()` to its end. */
export class Run {
  readonly #loop: ConnectionLoop;
  readonly #connected = new Deferred();
  #failure: PushError | undefined;

  constructor(loop: ConnectionLoop) {
    this.#loop = loop;
    // A caller that does not wait for start() learns of a failure from onState, and must not get an unhandled rejection.
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

  /** Notes the failure of an attempt. Returns whether it is the first. */
  hasFailed(failure: PushError): boolean {
    const isFirst = this.#failure === undefined;
    this.#failure = failure;
    return isFirst;
  }

  /** Ends as {@link connected} does, but calls `giveUp` if that takes too long, or if the signal aborts first. */
  async connectedWithin({ timeout, signal }: StartOptions, clock: Clock, giveUp: (error: PushError) => void): Promise<void> {
    const over = new AbortController();
    if (signal) {
      listenUntil(over.signal, signal, "abort", () => giveUp(new StoppedError(signal.reason)));
    }

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
