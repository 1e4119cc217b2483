import { AddressCursor } from "./AddressCursor.js";
import type { Envelope } from "./Envelope.js";
import type { StoredCursors } from "./StoredCursors.js";
import type { MessageOrder } from "./MessageOrder.js";

/** As many as a connection has addresses at the most, and so as many as a `Resume` has room for: a user, everyone, and 1,000 groups. */
const maxCursors = 1_002;

/** How long all these addresses are together at the most: the names of the groups have 65,536 characters, that of the user 256. */
const maxCharacters = 65_536 + 1_000 * "group:".length + 256 + "user:".length + "everyone".length;

/** Where a client stands at each of its addresses, from connection to connection and, with a storage, from page to page. */
export class Cursors {
  readonly #stored: StoredCursors;
  #loaded: Map<string, AddressCursor> | undefined;

  readonly #lost = new Set<string>();

  constructor(stored: StoredCursors) {
    this.#stored = stored;
  }

  at(address: string): string | undefined {
    return this.#byAddress.get(address)?.id;
  }

  /** Whether a cursor was there and was thrown away, so that what followed it may never come. True until there is a new one. */
  isLostAt(address: string): boolean {
    return this.#lost.has(address);
  }

  /** The cursors of all addresses that have one, or of those given. */
  toRecord(addresses: Iterable<string> = this.#byAddress.keys()): Record<string, string> {
    return Object.fromEntries(
      [...addresses].flatMap((address) => {
        const id = this.at(address);
        return id === undefined ? [] : [[address, id]];
      }),
    );
  }

  /** See {@link AddressCursor.orderOf}. The first message at an address without a cursor is to be handled. */
  orderOf(message: Envelope): MessageOrder {
    return this.#byAddress.get(message.address)?.orderOf(message) ?? "next";
  }

  /** Also stores it, before it returns: whoever leaves the page after that leaves it with this cursor. */
  move(address: string, id: string): void {
    if (this.at(address) !== id) {
      this.#cursorOf(address).moveTo(id);
      this.#lost.delete(address);
      this.#stored.save(address, id);
    }
  }

  forget(address: string): void {
    this.#byAddress.get(address)?.forget();
    this.#lost.delete(address);
    this.#stored.remove(address);
  }

  /** Throws all away if they are more than the hub would read: some are of another user, or of groups of long ago. */
  fitIntoCall(): void {
    const addresses = Object.keys(this.toRecord());
    const characters = addresses.reduce((sum, address) => sum + address.length, 0);
    if (addresses.length > maxCursors || characters > maxCharacters) {
      addresses.forEach((address) => this.#lost.add(address));
      this.#byAddress.clear();
    }
  }

  /** The hub has answered for all of the connection's addresses: what else was thrown away is none of theirs. */
  forgetLost(): void {
    [...this.#lost].forEach((address) => this.forget(address));
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
    const byAddress = new Map<string, AddressCursor>();
    const { cursors, broken } = this.#stored.load();
    broken.forEach((address) => this.#lost.add(address));
    cursors.forEach((id, address) => {
      const cursor = new AddressCursor();
      cursor.moveTo(id);
      byAddress.set(address, cursor);
    });
    return byAddress;
  }
}
