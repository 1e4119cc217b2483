/** The handlers of one kind of event, in the order in which they were added. One that throws does not stop the others. */
export class HandlerList<T> {
  readonly #entries = new Set<{ readonly handle: (event: T) => unknown }>();
  readonly #onThrow: (error: unknown) => void;

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A handler that is added twice is called twice. The returned function removes one of the two. */
  add(handle: (event: T) => unknown): () => void {
    const entry = { handle };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** If a handler removes a later one, that is not called any more. One that is added meanwhile is not called yet. */
  call(event: T): void {
    for (const entry of [...this.#entries]) {
      if (this.#entries.has(entry)) {
        void this.#guard(entry.handle, event);
      }
    }
  }

  /** Async, so that it also catches the rejection of an async handler. The handler itself still starts at once. */
  async #guard(handle: (event: T) => unknown, event: T): Promise<void> {
    try {
      await handle(event);
    } catch (error) {
      this.#onThrow(error);
    }
  }
}
