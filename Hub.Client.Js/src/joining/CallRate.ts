/** By default the hub ends a client that sends more than 100 messages in a second, whatever they are. */
const mostCalls = 40;
const secondMs = 1_000;

/** Has a connection call no more often than the hub bears, however many groups there are. */
export class CallRate {
  #left = 0;
  #until = Number.NEGATIVE_INFINITY;

  /** How many of so many calls may be made now. They count as made. */
  take(count: number, now: number): number {
    if (now >= this.#until) {
      [this.#left, this.#until] = [mostCalls, now + secondMs];
    }

    const taken = Math.min(count, this.#left);
    this.#left -= taken;
    return taken;
  }

  /** When calls may be made again. */
  get until(): number {
    return this.#until;
  }
}
