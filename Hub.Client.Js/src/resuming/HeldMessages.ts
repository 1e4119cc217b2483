const capacity = 1_000;

/** What came in at one address while the client was behind there. */
export class HeldMessages {
  #messages: unknown[] = [];
  #head: string | undefined;
  #isInCall = false;
  #isStale = false;

  /** Whether a `Resume` that covers the address has been sent. */
  get isInCall(): boolean {
    return this.#isInCall;
  }

  /** Whether a held message may belong to what is gone for ever, even if it looks like the next one. */
  get isStale(): boolean {
    return this.#isStale && this.#messages.length > 0;
  }

  /** What came in since the last `Resume` was sent, in that order. */
  get messages(): readonly unknown[] {
    return this.#messages;
  }

  /** The head that the hub told since then, if it did. */
  get head(): string | undefined {
    return this.#head;
  }

  /** If there are too many, the oldest is dropped. That leaves a gap, which only costs another `Resume`. */
  add(message: unknown): void {
    this.#messages.push(message);
    if (this.#messages.length > capacity) {
      this.#messages.shift();
    }
  }

  tellHead(id: string): void {
    this.#head = id;
  }

  /** The answer tells of a loss, and what came in before it may be older than that. */
  markStale(): void {
    this.#isStale = true;
  }

  /**
   * A `Resume` is about to be sent. Its answer covers the held messages: all were in the log before the log is read. Those that the answer
   * does not bring were handled before, or are no longer in the log.
   */
  beginCall(): void {
    this.#isInCall = true;
    this.#isStale = false;
    this.#messages = [];
    this.#head = undefined;
  }
}
