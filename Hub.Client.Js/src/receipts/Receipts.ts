import type { Clock } from "../Clock.js";
import { listenUntil } from "../listenUntil.js";
import type { Envelope } from "../resuming/Envelope.js";
import { Floor } from "./Floor.js";
import type { HandledAddress } from "./HandledAddress.js";

type Call = (device: string, addresses: Record<string, HandledAddress>) => Promise<void>;

/** How often the hub is told, at the most. */
const intervalMs = 1_000;

/** For so long a connection may seem open after its end. */
const mayBeLostMs = 30_000;

/**
 * Tells the hub how far the handlers have come: at the user's address and those of groups, not for everyone. It lives as long as the
 * client.
 */
export class Receipts {
  readonly #device: () => string;
  readonly #clock: Clock;
  readonly #floors = new Map<string, Floor>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #isAsked = false;
  #wake: () => void = () => {};

  constructor(device: () => string, clock: Clock) {
    [this.#device, this.#clock] = [device, clock];
  }

  /** A message of a log was handed over. `handled` resolves when its handlers have ended, with whether none has failed. */
  async add(message: Envelope, handled: Promise<boolean>): Promise<void> {
    const { address, id, after, receipt } = message;
    if (after === undefined || address === "everyone") {
      return;
    }

    let floor = this.#floors.get(address);
    if (floor?.last !== after) {
      floor = new Floor(after);
      this.#floors.set(address, floor);
    }

    await floor.add(id, handled);
    this.#isAsked ||= receipt === true;
    this.#wake();
  }

  /**
   * Tells it on this connection until that is over: at once if the publisher of a message asks for its receipt, otherwise a second later,
   * with what has come meanwhile. Each call says all that is known of an address, so the next makes up for one that does not arrive.
   */
  async tellOn(over: AbortSignal, call: Call): Promise<void> {
    this.#floors.forEach((floor) => floor.repeat(this.#clock.now(), mayBeLostMs));
    while (!over.aborted) {
      await this.#until(() => this.#news.length > 0, Number.POSITIVE_INFINITY, over);
      await this.#until(() => this.#isAsked, intervalMs, over);
      await this.#until(() => false, this.#toldAt + intervalMs - this.#clock.now(), over);
      await this.#tell(over, call);
    }
  }

  async #tell(over: AbortSignal, call: Call): Promise<void> {
    if (!over.aborted) {
      [this.#toldAt, this.#isAsked] = [this.#clock.now(), false];
      const told = this.#news.map(([address, floor]): [string, HandledAddress] => [address, floor.tell(this.#toldAt)]);
      await call(this.#device(), Object.fromEntries(told)).catch(() => {});
    }
  }

  get #news(): [string, Floor][] {
    return [...this.#floors].filter(([, floor]) => floor.isNews);
  }

  /** Returns when it holds, when the time is up, or when the connection is over. */
  async #until(holds: () => boolean, ms: number, over: AbortSignal): Promise<void> {
    const end = this.#clock.now() + ms;
    while (!holds() && !over.aborted && this.#clock.now() < end) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      listenUntil(woken.signal, over, "abort", this.#wake);
      await this.#clock.wait(end - this.#clock.now(), woken.signal);
      woken.abort();
    }
  }
}
