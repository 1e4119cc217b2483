import type { Envelope } from "./Envelope.js";
import { RecentIds } from "./RecentIds.js";
import type { MessageOrder } from "./MessageOrder.js";

/** The cursor of one address, and which messages it makes known, next, or early. */
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

  /** What was handled stays known, in case it comes once more. */
  forget(): void {
    this.#id = undefined;
  }

  /** @param message One of the log; a transient one has no place in it. */
  orderOf({ id, after }: Envelope): MessageOrder {
    if (this.#recent.has(id)) {
      return "known";
    }

    return this.#id === undefined || this.#id === after ? "next" : "early";
  }
}
