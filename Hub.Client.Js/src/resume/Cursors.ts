import type { PushMessage } from "../PushMessage.js";
import { AddressCursor } from "./AddressCursor.js";
import type { StoredCursors } from "./StoredCursors.js";
import type { Verdict } from "./Verdict.js";

/** Where a client stands at each of its addresses, from connection to connection and, with a storage, from page to page. */
export class Cursors {
  readonly #stored: StoredCursors;
  #loaded: Map<string, AddressCursor> | undefined;

  constructor(stored: StoredCursors) {
    this.#stored = stored;
  }

  at(address: string): string | undefined {
    return this.#byAddress.get(address)?.id;
  }

  /** The cursors of all addresses that have one, or of those given. */
  toRecord(addresses: Iterable<string> = this.#byAddress.keys()): Record<string, string> {
    return Object.fromEntries([...addresses].flatMap((address) => {
      const id = this.at(address);
      return id === undefined ? [] : [[address, id]];
    }));
  }

  /** See {@link AddressCursor.judge}. The first message at an address without a cursor is to be handled. */
  judge(message: PushMessage): Verdict {
    return this.#byAddress.get(message.address)?.judge(message) ?? "handle";
  }

  /** Also stores it, before it returns: whoever leaves the page after that leaves it with this cursor. */
  move(address: string, id: string): void {
    if (this.at(address) !== id) {
      this.#cursorOf(address).moveTo(id);
      this.#stored.save(address, id);
    }
  }

  forget(address: string): void {
    this.#byAddress.get(address)?.forget();
    this.#stored.remove(address);
  }

  #cursorOf(address: string): AddressCursor {
    const cursor = this.#byAddress.get(address) ?? new AddressCursor();
    this.#byAddress.set(address, cursor);
    return cursor;
  }

  /** Read when first needed, so that a storage that throws can tell the handlers which were added meanwhile. */
  get #byAddress(): Map<string, AddressCursor> {
    return (this.#loaded ??= this.#load());
  }

  #load(): Map<string, AddressCursor> {
    const cursors = new Map<string, AddressCursor>();
    for (const [address, id] of Object.entries(this.#stored.load())) {
      const cursor = new AddressCursor();
      cursor.moveTo(id);
      cursors.set(address, cursor);
    }

    return cursors;
  }
}
