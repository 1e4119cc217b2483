const capacity = 256;

/** The last ids of a cursor. A longer list would only save a `Resume` for duplicates that come even later. */
export class RecentIds {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size > capacity) {
      this.#forgetOldest();
    }
  }

  /** A set iterates in the order in which its values were added. */
  #forgetOldest(): void {
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
