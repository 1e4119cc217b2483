import type { Clock } from "../Clock.js";
import type { ConnectMode } from "../transport/ConnectMode.js";

/** From the best to the one that gets through everywhere. */
const bestFirst: readonly ConnectMode[] = ["webSockets", "serverSentEvents", "longPolling"];

/** The world around a client may have changed by then, so that what is better deserves another try. */
const trustedForMs = 10 * 60_000;

/** Which way got through last and which went silent, and so in what order they are tried. Remembers that for the life of its client. */
export class ModeOrder {
  readonly #clock: Clock;
  #worked: ConnectMode | undefined;
  #proven: ConnectMode | undefined;
  #silent: ConnectMode | undefined;
  #betterTriedAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Right after a drop only what worked is tried: when all clients return at once, that halves their load. Once that has failed twice, or
   * is not the best and has been relied on for long, all are.
   * @param attempt How many attempts were made since a connection last held.
   */
  next(attempt: number): readonly ConnectMode[] {
    const worked = this.#trusted;
    if (worked && attempt <= 1) {
      return [worked];
    }

    this.#betterTriedAt = this.#clock.now();
    return [...bestFirst].sort((one, other) => this.#rank(one, worked) - this.#rank(other, worked));
  }

  opened(mode: ConnectMode): void {
    this.#worked = mode;
  }

  /** The hub has answered on a connection that was opened this way. */
  answered(mode: ConnectMode): void {
    this.#proven = mode;
    this.#silent = undefined;
  }

  /** The hub's first answer never came through. That may be the hub, so what was proven only loses its preference. */
  wentSilent(mode: ConnectMode): void {
    this.#silent = this.#proven === mode ? undefined : mode;
    this.#worked = undefined;
    this.#proven = undefined;
  }

  get #trusted(): ConnectMode | undefined {
    const isOld = this.#worked !== bestFirst[0] && this.#clock.now() - this.#betterTriedAt > trustedForMs;
    return isOld ? undefined : this.#worked;
  }

  #rank(mode: ConnectMode, worked: ConnectMode | undefined): number {
    return mode === worked ? -1 : mode === this.#silent ? bestFirst.length : bestFirst.indexOf(mode);
  }
}
