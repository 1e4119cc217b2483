/** Who is told of one kind of event, in the order of their adding. One that throws does not stop the others. */
export class HandlerList<T> {
  readonly #entries = new Set<{ readonly handle: (event: T) => unknown }>();
  readonly #onThrow: (error: unknown) => void;

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adding a handler twice has it called twice; what this returns takes one of the two out again. */
  add(handle: (event: T) => unknown): () => void {
    const entry = { handle };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** One that is removed by an earlier one is not called any more, and one that is added meanwhile not yet. */
  call(event: T): void {
    for (const entry of [...this.#entries]) {
      if (this.#entries.has(entry)) {
        void this.#guard(entry.handle, event);
      }
    }
  }

  /** Being async, this catches the rejection of an async handler as well; the handler itself still starts at once. */
  async #guard(handle: (event: T) => unknown, event: T): Promise<void> {
    try {
      await handle(event);
    } catch (error) {
      this.#onThrow(error);
    }
  }
}
