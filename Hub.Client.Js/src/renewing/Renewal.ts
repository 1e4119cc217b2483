import type { Clock } from "../Clock.js";
import type { ReconnectPolicy } from "../connecting/ReconnectPolicy.js";
import { PushError } from "../errors/PushError.js";
import { RenewalError } from "../errors/RenewalError.js";
import { SignInRequiredError } from "../errors/SignInRequiredError.js";
import { listenUntil } from "../listenUntil.js";
import type { RenewalPolicy } from "./RenewalPolicy.js";

/**
 * Renews one connection before its token ends it, and when the hub asks for it. One renewal at a time. If one fails, it is tried again
 * after a wait, as long as the connection is open; if the failure would only come again, it is told instead, and the hub has to ask.
 */
export class Renewal {
  readonly #renew: () => Promise<number | undefined>;
  readonly #when: RenewalPolicy;
  readonly #retry: ReconnectPolicy;
  readonly #clock: Clock;
  readonly #onFinalError: (error: PushError) => void;

  #due = Number.POSITIVE_INFINITY;
  #endWait: () => void = () => {};

  /**
   * @param renew Renews once, and returns how long the connection may stay then, in seconds.
   * @param onFinalError Is told of a failure after which nothing is tried.
   */
  constructor(
    renew: () => Promise<number | undefined>,
    when: RenewalPolicy,
    retry: ReconnectPolicy,
    clock: Clock,
    onFinalError: (error: PushError) => void,
  ) {
    [this.#renew, this.#when, this.#retry, this.#clock, this.#onFinalError] = [renew, when, retry, clock, onFinalError];
  }

  /** The hub tells how long the token still lets the connection stay, in seconds; for ever if undefined. */
  lives(seconds: number | undefined): void {
    this.#dueIn(this.#when.delayMs(seconds));
  }

  /** The hub asks to renew now. If that is under way, it is done once more: the hub may have asked for it in between. */
  ask(): void {
    this.#dueIn(0);
  }

  /** Returns when the connection is over. */
  async run(over: AbortSignal): Promise<void> {
    for (let failures = 0; ;) {
      await this.#untilDue(over);
      if (over.aborted) {
        return;
      }

      this.#due = Number.POSITIVE_INFINITY;
      try {
        const lifetime = await this.#renew();
        failures = 0;
        this.#dueWithin(this.#when.delayMs(lifetime));
      } catch (error) {
        this.#dueWithin(this.#tell(error, over) ? Number.POSITIVE_INFINITY : this.#retry.delayMs(failures++));
      }
    }
  }

  /** The timer of a page that sleeps may end too soon or too late, so the clock decides. */
  async #untilDue(connectionOver: AbortSignal): Promise<void> {
    while (!connectionOver.aborted && this.#clock.now() < this.#due) {
      const over = new AbortController();
      this.#endWait = () => over.abort();
      listenUntil(over.signal, connectionOver, "abort", this.#endWait);
      await this.#clock.wait(this.#due - this.#clock.now(), over.signal);
      over.abort();
    }
  }

  #dueIn(ms: number): void {
    this.#due = this.#clock.now() + ms;
    this.#endWait();
  }

  /** Unless the hub has asked for it sooner. */
  #dueWithin(ms: number): void {
    this.#due = Math.min(this.#due, this.#clock.now() + ms);
  }

  /** Tells a failure that would only come again. Returns whether it is one. */
  #tell(error: unknown, over: AbortSignal): boolean {
    const isFinal = error instanceof SignInRequiredError || (error instanceof RenewalError && error.code === "user_foreign");
    if (isFinal && !over.aborted) {
      this.#onFinalError(error);
    }

    return isFinal;
  }
}
