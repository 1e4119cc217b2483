interface Entry<T> {
  readonly handle: (event: T) => unknown;
}

/** The handlers of one kind of event, in the order in which they were added. One that throws does not stop the others. */
export class HandlerList<T> {
  readonly #entries = new Set<Entry<T>>();
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

  /**
   * Starts the handlers at once. If one removes a later one, that is not called any more. One that is added meanwhile is not called yet.
   * Resolves when all have ended, with whether none has failed.
   */
  async call(event: T): Promise<boolean> {
    const outcomes = [...this.#entries].map((entry) => this.#guard(entry, event));
    return (await Promise.all(outcomes)).every(Boolean);
  }

  /** Async, so that it also catches the rejection of an async handler. The handler itself still starts at once. */
  async #guard(entry: Entry<T>, event: T): Promise<boolean> {
    try {
      await (this.#entries.has(entry) && entry.handle(event));
      return true;
    } catch (error) {
      this.#onThrow(error);
      return false;
    }
  }
}
