import type { Clock } from "../Clock.js";
import { EndedError } from "../errors/EndedError.js";
import type { StockConnection } from "./StockConnection.js";

/** How long it stays good once its connection is over. */
const lifetimeMs = 5 * 60_000;

/** After so many failed attempts of which nobody can see why, it counts as dead. */
const unseenFailures = 3;

/** After these ends the hub has forgotten it. */
const deadly: readonly string[] = ["ended", "banned", "token_expired", "renewal_missed"];

/** The connection that was given a secret. */
type GivenTo = Pick<StockConnection, "closed" | "lastSignAt">;

/**
 * What the hub gave the newest connection so that the client can come back with it, once, instead of a token. It is kept in memory only,
 * and for one run of the client: after that, another user may sign in.
 */
export class ReconnectSecret {
  readonly #clock: Clock;
  #value: string | undefined;
  #goodUntil = Number.POSITIVE_INFINITY;
  #failures = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What to show; undefined if there is none, or none that can be good. */
  get current(): string | undefined {
    return this.#clock.time() <= this.#goodUntil ? this.#value : undefined;
  }

  /** The hub has given one to a connection. It takes the place of the one before, and is good until five minutes after the connection. */
  take(value: string, connection: GivenTo): void {
    this.#value = value;
    this.#goodUntil = Number.POSITIVE_INFINITY;
    this.#failures = 0;
    void connection.closed.then((reason) => this.#isOver(value, reason, connection.lastSignAt));
  }

  /** The hub has taken it, or has refused it. */
  forget(value: string): void {
    if (value === this.#value) {
      this.#value = undefined;
    }
  }

  /** An attempt with it, if there is one, has failed, and the reason cannot be seen: perhaps it was refused. */
  failedUnseen(): void {
    if (++this.#failures >= unseenFailures) {
      this.#value = undefined;
    }
  }

  /** The client may notice the end long after, as when its device has slept, so what counts is when something came in last. */
  #isOver(value: string, reason: Error | undefined, lastSignAt: number): void {
    if (reason instanceof EndedError && deadly.includes(reason.code)) {
      this.forget(value);
    } else if (value === this.#value) {
      this.#goodUntil = lastSignAt + lifetimeMs;
    }
  }
}
