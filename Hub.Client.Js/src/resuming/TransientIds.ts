import { RecentIds } from "./RecentIds.js";

/** The ids of the last transient messages of each address. While a client moves, one may come on both of its connections. */
export class TransientIds {
  readonly #byAddress = new Map<string, RecentIds>();

  /** Returns whether it is new here. From then on it is known. */
  add(address: string, id: string): boolean {
    const ids = this.#byAddress.get(address) ?? new RecentIds();
    this.#byAddress.set(address, ids);
    const isNew = !ids.has(id);
    ids.add(id);
    return isNew;
  }
}
