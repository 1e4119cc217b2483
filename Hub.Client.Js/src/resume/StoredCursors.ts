import type { CursorStorage } from "../CursorStorage.js";
import { jsonIn } from "../jsonIn.js";
import { cursorsIn } from "./cursorsIn.js";

/**
 * The cursors of one hub in a storage: each under a key of its own, so that a write is small and tabs that share the storage do
 * not overwrite each other's addresses, and beside them the list of addresses, for a storage need not be able to tell its keys.
 */
export class StoredCursors {
  readonly #storage: CursorStorage | undefined;
  readonly #listKey: string;
  readonly #onFailure: (error: unknown) => void;
  #hasFailed = false;

  /** @param onFailure Is told of the first error that the storage throws. Writing is tried again every time. */
  constructor(storage: CursorStorage | undefined, hubUrl: string, onFailure: (error: unknown) => void) {
    this.#storage = storage;
    this.#listKey = `realtimehub:${hubUrl}`;
    this.#onFailure = onFailure;
  }

  /** By address. What is broken or was written by somebody else is no cursor. */
  load(): Record<string, string> {
    const cursors: Record<string, unknown> = {};
    this.#attempt((storage) => {
      for (const address of this.#addressesIn(storage)) {
        cursors[address] = jsonIn(storage.getItem(this.#keyOf(address)));
      }
    });
    return cursorsIn(cursors);
  }

  save(address: string, cursor: string): void {
    this.#attempt((storage) => {
      storage.setItem(this.#keyOf(address), JSON.stringify(cursor));
      this.#list(storage, address);
    });
  }

  remove(address: string): void {
    this.#attempt((storage) => {
      storage.removeItem(this.#keyOf(address));
      this.#writeAddresses(storage, this.#addressesIn(storage).filter((listed) => listed !== address));
    });
  }

  /** Read anew each time, because another tab may have taken the address out meanwhile. */
  #list(storage: CursorStorage, address: string): void {
    const listed = this.#addressesIn(storage);
    if (!listed.includes(address)) {
      this.#writeAddresses(storage, [...listed, address]);
    }
  }

  #addressesIn(storage: CursorStorage): string[] {
    const list = jsonIn(storage.getItem(this.#listKey));
    return Array.isArray(list) ? list.filter((address) => typeof address === "string") : [];
  }

  #writeAddresses(storage: CursorStorage, addresses: readonly string[]): void {
    storage.setItem(this.#listKey, JSON.stringify(addresses));
  }

  #keyOf(address: string): string {
    return `${this.#listKey}:${address}`;
  }

  #attempt(work: (storage: CursorStorage) => void): void {
    try {
      if (this.#storage) {
        work(this.#storage);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      this.#onFailure(error);
    }
  }
}
