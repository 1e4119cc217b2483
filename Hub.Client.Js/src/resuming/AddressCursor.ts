import type { Envelope } from "./Envelope.js";
import { RecentIds } from "./RecentIds.js";
import type { MessageOrder } from "./MessageOrder.js";

/** The cursor of one address. It decides whether a message is known, next, or early. */
export class AddressCursor {
  readonly #recent = new RecentIds();
  #id: string | undefined;

  /** The last message handled here, or undefined at an address that is not followed. */
  get id(): string | undefined {
    return this.#id;
  }

  moveTo(id: string): void {
    this.#id = id;
    this.#recent.add(id);
  }

  /** Handled messages stay known, in case they come again. */
  forget(): void {
    this.#id = undefined;
  }

  /** Whether a message was handled before, or a cursor stood at it. */
  isKnown(id: string): boolean {
    return this.#recent.has(id);
  }

  /** @param message A message of the log, not a transient one. */
  orderOf({ id, after }: Envelope): MessageOrder {
    if (this.isKnown(id)) {
      return "known";
    }

    return this.#id === undefined || this.#id === after ? "next" : "early";
  }
}
