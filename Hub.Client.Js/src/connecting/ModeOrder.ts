import type { Clock } from "../Clock.js";
import type { ConnectMode } from "../transport/ConnectMode.js";

/** From the best mode to the one that works everywhere. */
const bestFirst: readonly ConnectMode[] = ["webSockets", "serverSentEvents", "longPolling"];

/** After this time a better mode is tried again, because the network may have changed. */
const trustedForMs = 10 * 60_000;

/** Decides in which order modes are tried, by which worked last and which stayed silent. Remembers that for the life of its client. */
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
   * Right after a drop, only the mode that worked is tried: when all clients return at once, that halves their load. All modes are tried if
   * it has failed twice, or if it is not the best and was found long ago.
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

  /** The hub has answered on a connection of this mode. */
  answered(mode: ConnectMode): void {
    this.#proven = mode;
    this.#silent = undefined;
  }

  /** The hub's first answer never came. The hub itself may be the cause, so a mode that worked before only loses its preference. */
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
