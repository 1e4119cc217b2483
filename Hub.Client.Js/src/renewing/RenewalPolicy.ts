const shortestMs = 1_000;

/** Timers end soon after: they hold no more than 24 days. */
const longestMs = 20 * 24 * 60 * 60_000;

/** Renews when about 80 % of the time are over, spread so that clients that have connected together do not renew together. */
export class RenewalPolicy {
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** @param lifetimeSeconds How long the token still lets the connection stay; for ever if undefined. */
  delayMs(lifetimeSeconds: number | undefined): number {
    if (lifetimeSeconds === undefined) {
      return Number.POSITIVE_INFINITY;
    }

    const delay = (lifetimeSeconds * 1_000 * (7 + 2 * this.#random())) / 10;
    return Math.min(longestMs, Math.max(shortestMs, delay));
  }
}
