import type { HandledAddress } from "./HandledAddress.js";

/** A message that was handed over, and whether it was handled: undefined as long as its handlers run. */
interface Handing {
  readonly id: string;
  isHandled?: boolean;
}

/** How far the handlers have come in the log of one address. Of what counts as handled, nothing was left out. */
export class Floor {
  /** What was handed over and does not count as handled yet. */
  readonly #open: Handing[] = [];
  #upTo: string;
  #told: HandledAddress;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isRepeated = false;

  /** The last message that was handed over. */
  last: string;

  /** @param after The message before the first. */
  constructor(after: string) {
    this.#upTo = this.last = after;
    this.#told = { after, upTo: after, failed: undefined };
  }

  /** Whether there is something that the hub was not told, or may not have. */
  get isNews(): boolean {
    return this.#isRepeated || this.#upTo !== this.#told.upTo || this.#failed !== this.#told.failed;
  }

  /** A message was handed over. Returns when its handlers have ended. A handler that has failed is passed no more. */
  async add(id: string, handled: Promise<boolean>): Promise<void> {
    this.last = id;
    if (this.#failed === undefined) {
      const handing: Handing = { id };
      this.#open.push(handing);
      handing.isHandled = await handled;
      this.#advance();
    }
  }

  /** What was told within this time, the hub may not have. */
  repeat(now: number, withinMs: number): void {
    this.#isRepeated = now - this.#toldAt < withinMs;
  }

  /** What to tell the hub. */
  tell(now: number): HandledAddress {
    this.#told = { after: this.#told.after, upTo: this.#upTo, failed: this.#failed };
    [this.#toldAt, this.#isRepeated] = [now, false];
    return this.#told;
  }

  get #failed(): string | undefined {
    return this.#open[0]?.isHandled === false ? this.#open[0].id : undefined;
  }

  #advance(): void {
    while (this.#open[0]?.isHandled === true) {
      this.#upTo = this.#open[0].id;
      this.#open.shift();
    }

    if (this.#failed !== undefined) {
      this.#open.length = 1;
    }
  }
}
