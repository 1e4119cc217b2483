import { AddressCursor } from "./AddressCursor.js";
import type { Envelope } from "./Envelope.js";
import type { StoredCursors } from "./StoredCursors.js";
import { isEnvelope } from "./isEnvelope.js";
import type { MessageOrder } from "./MessageOrder.js";

/** The most addresses of a connection, and so the most cursors of a `Resume`: a user, everyone, and 1,000 groups. */
const maxCursors = 1_002;

/** The most characters of all these addresses together: 65,536 for the names of groups, 256 for the user's. */
const maxCharacters = 65_536 + 1_000 * "group:".length + 256 + "user:".length + "everyone".length;

/** The client's cursors at all its addresses. They live longer than a connection and, with a storage, longer than a page. */
export class Cursors {
  readonly #stored: StoredCursors;
  #loaded: Map<string, AddressCursor> | undefined;

  readonly #lost = new Set<string>();

  /** The addresses of groups that the client joins by itself: a new connection does not have them yet, and their cursors are kept. */
  readonly wanted = new Set<string>();

  constructor(stored: StoredCursors) {
    this.#stored = stored;
  }

  at(address: string): string | undefined {
    return this.#byAddress.get(address)?.id;
  }

  /** Whether a cursor was thrown away here, so that messages after it may never come. True until there is a new one. */
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

  /** See {@link AddressCursor.isKnown}. A value without a place in a log is none that is known. */
  isKnownAt(address: string, message: unknown): boolean {
    return isEnvelope(message) && this.#byAddress.get(address)?.isKnown(message.id) === true;
  }

  /** Also stores it before it returns, so that it is kept if the user leaves the page right after. */
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

  /** The address is not the connection's own. */
  refuse(address: string): void {
    if (!this.wanted.has(address)) {
      this.forget(address);
    }
  }

  /** Throws all away if there are more than the hub accepts: then some belong to another user or to old groups. */
  fitIntoCall(): void {
    const addresses = Object.keys(this.toRecord());
    const characters = addresses.reduce((sum, address) => sum + address.length, 0);
    if (addresses.length > maxCursors || characters > maxCharacters) {
      addresses.forEach((address) => this.#lost.add(address));
      this.#byAddress.clear();
    }
  }

  /** The hub has answered for all of the connection's addresses, so other cursors that were thrown away need no announcement. */
  forgetLost(): void {
    [...this.#lost].forEach((address) => this.refuse(address));
  }

  #cursorOf(address: string): AddressCursor {
    const cursor = this.#byAddress.get(address) ?? new AddressCursor();
    this.#byAddress.set(address, cursor);
    return cursor;
  }

  /** Read when first needed, so that the error of a storage that throws reaches handlers that are added before that. */
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
