import { Deferred } from "../Deferred.js";
import type { PushError } from "../errors/PushError.js";
import { listenUntil } from "../listenUntil.js";

/** What the application has said last of one group. */
export class Intent {
  readonly address: string;
  readonly group: string;

  /** Whether it is to be in the group. */
  readonly isWanted: boolean;
  #done: Deferred | undefined;
  #over = new AbortController();

  constructor(group: string, isWanted: boolean) {
    [this.address, this.group, this.isWanted] = [`group:${group}`, group, isWanted];
  }

  /** What those get who wait for it now. */
  get done(): Promise<void> {
    return (this.#done ??= new Deferred()).promise;
  }

  /** Calls `giveUp` if the signal aborts before it is done. */
  until(signal: AbortSignal | undefined, giveUp: () => void): void {
    if (signal) {
      listenUntil(this.#over.signal, signal, "abort", giveUp);
    }
  }

  /** It has come to pass. */
  complete(): void {
    this.#done?.resolve();
    this.#end();
  }

  /** The hub refuses it. Returns whether anybody waits for it. */
  refuse(error: PushError): boolean {
    const isAwaited = this.#done !== undefined;
    this.#done?.reject(error);
    this.#end();
    return isAwaited;
  }

  /** The application itself wants it no more: nobody who does not wait for it may get an unhandled rejection. */
  cancel(error: PushError): void {
    if (this.isWanted) {
      this.#done?.promise.catch(() => {});
      this.refuse(error);
    } else {
      this.complete();
    }
  }

  #end(): void {
    this.#over.abort();
    [this.#done, this.#over] = [undefined, new AbortController()];
  }
}
