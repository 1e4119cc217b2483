import type { CursorStorage } from "../CursorStorage.js";
import { isAddress } from "./isAddress.js";
import { isCursor } from "./isCursor.js";
import type { LoadedCursors } from "./LoadedCursors.js";

/** Where a storage has the name of the device. What is kept of a hub has the hub's URL there. */
const deviceKey = "realtimehub device";

/**
 * The cursors of one hub in a storage, each under a key of its own. So a change is one short write, however many addresses there are, and
 * tabs that share the storage do not overwrite each other's cursors.
 */
export class StoredCursors {
  readonly #storage: CursorStorage | (() => CursorStorage) | undefined;
  readonly #prefix: string;
  readonly #onFailure: (error: unknown) => void;
  #hasFailed = false;
  #device: string | undefined;

  /** @param onFailure Is told of the first error that the storage throws. Writing is tried again every time. */
  constructor(storage: CursorStorage | (() => CursorStorage) | undefined, hubUrl: string, onFailure: (error: unknown) => void) {
    this.#storage = storage;
    // A URL has no space in it, so a key of one hub is never taken for a key of another.
    this.#prefix = `realtimehub ${hubUrl} `;
    this.#onFailure = onFailure;
  }

  /** The name under which the hub keeps receipts: it lasts as long as the cursors do. */
  get device(): string {
    return (this.#device ??= this.#loadDevice());
  }

  /** Others may have written to the storage, so everything is checked. Keys that are not of an address are removed. */
  load(): LoadedCursors {
    const cursors = new Map<string, string>();
    const broken: string[] = [];
    this.#attempt((storage) => {
      for (const key of this.#keysIn(storage)) {
        const address = key.slice(this.#prefix.length);
        const cursor = storage.getItem(key);
        if (!isAddress(address)) {
          storage.removeItem(key);
        } else if (isCursor(cursor)) {
          cursors.set(address, cursor);
        } else {
          broken.push(address);
        }
      }
    });
    return { cursors, broken };
  }

  save(address: string, cursor: string): void {
    this.#attempt((storage) => storage.setItem(this.#prefix + address, cursor));
  }

  remove(address: string): void {
    this.#attempt((storage) => storage.removeItem(this.#prefix + address));
  }

  #loadDevice(): string {
    let device = `${Math.random()}`.slice(2);
    this.#attempt((storage) => {
      const stored = storage.getItem(deviceKey);
      if (stored !== null && /^[\w-]{1,64}$/.test(stored)) {
        device = stored;
      } else {
        storage.setItem(deviceKey, device);
      }
    });
    return device;
  }

  /** All keys, read before any is removed, because removing one moves the others. */
  #keysIn(storage: CursorStorage): string[] {
    const keys: string[] = [];
    for (let index = 0, key = storage.key(index); key !== null; key = storage.key(++index)) {
      if (key.startsWith(this.#prefix)) {
        keys.push(key);
      }
    }

    return keys;
  }

  #attempt(work: (storage: CursorStorage) => void): void {
    try {
      const storage = typeof this.#storage === "function" ? this.#storage() : this.#storage;
      if (storage) {
        work(storage);
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
