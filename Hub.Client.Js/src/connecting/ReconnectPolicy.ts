import type { RetryOptions } from "../RetryOptions.js";

/** Spreads waits over their whole range (full jitter), so that clients that dropped together do not return together. */
export class ReconnectPolicy {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;

  constructor({ firstMs = 1_000, maxMs = 30_000 }: RetryOptions = {}, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** @param attempt How many attempts were made since a connection last held. */
  delayMs(attempt: number): number {
    return this.#random() * Math.min(this.#maxMs, this.#firstMs * 2 ** attempt);
  }
}
