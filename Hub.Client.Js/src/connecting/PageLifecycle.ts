import type { Clock } from "../Clock.js";
import { listenUntil } from "../listenUntil.js";

/** After a device wakes, it may take this long to notice that its connection broke while it slept. */
const freshMs = 5_000;

/**
 * Observes when a page is put to sleep (frozen, or kept for the back button), and when the page, its device or its network comes back. That
 * ends the wait for the next attempt. Without such events, as in Node, it only waits.
 */
export class PageLifecycle {
  readonly #clock: Clock;
  #isAsleep = false;
  #wokeAt = Number.NEGATIVE_INFINITY;
  #endWait: (() => void) | undefined;

  /**
   * @param events The window of a page, through which all of them pass, or the global object of a worker.
   * @param over Removes all listeners when it aborts.
   * @param onSleep Is called before the page sleeps.
   */
  constructor(events: EventTarget | undefined, clock: Clock, over: AbortSignal, onSleep: () => void) {
    this.#clock = clock;
    const listen = (types: readonly string[], observe: (event: Event) => void) =>
      types.forEach((type) => events && listenUntil(over, events, type, observe, { capture: true }));
    listen(["online", "pageshow", "resume", "visibilitychange"], ({ target }) => isHidden(target) || this.#wake());
    listen(["freeze", "pagehide"], (event) => isLeaving(event) || this.#sleep(onSleep));
    over.addEventListener("abort", () => this.#endWait?.());
  }

  /** Waits for this time, or until the page wakes. A wake just before the wait counts too, once. */
  async wait(ms: number): Promise<void> {
    if (this.#clock.now() - this.#wokeAt <= freshMs) {
      this.#wokeAt = Number.NEGATIVE_INFINITY;
      return;
    }

    const over = new AbortController();
    this.#endWait = () => over.abort();
    do {
      await this.#clock.wait(this.#isAsleep ? Number.POSITIVE_INFINITY : ms, over.signal);
    } while (this.#isAsleep && !over.signal.aborted);
    this.#endWait = undefined;
  }

  #wake(): void {
    this.#isAsleep = false;
    if (this.#endWait) {
      this.#endWait();
    } else {
      this.#wokeAt = this.#clock.now();
    }
  }

  #sleep(onSleep: () => void): void {
    if (!this.#isAsleep) {
      this.#isAsleep = true;
      onSleep();
    }
  }
}

function isHidden(target: EventTarget | null): boolean {
  return target !== null && "visibilityState" in target && target.visibilityState === "hidden";
}

/** A page that is not kept for the back button is not put to sleep. */
function isLeaving(event: Event): boolean {
  return "persisted" in event && event.persisted === false;
}
