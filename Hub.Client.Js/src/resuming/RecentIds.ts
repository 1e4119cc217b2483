const capacity = 256;

/** The last ids that a cursor has stood at. More would spare a `Resume` for duplicates that come later still, and nothing else. */
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

  /** A set keeps the order in which things were added. */
  #forgetOldest(): void {
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
