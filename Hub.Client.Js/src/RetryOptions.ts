/** How long the client waits between attempts: a random time up to a limit that doubles from `firstMs` to `maxMs`. */
export interface RetryOptions {
  /** The limit of the first wait; one second by default. */
  readonly firstMs?: number;

  /** The largest limit; thirty seconds by default. */
  readonly maxMs?: number;
}
