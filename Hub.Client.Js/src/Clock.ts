/** The client's clock. Tests replace it by one that they move by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment, never going back. */
  now(): number;

  /** Milliseconds since 1970. Unlike {@link now} it also counts while the machine sleeps, but may be set back. */
  time(): number;

  /** Resolves when the time is up or `signal` aborts, whichever is first. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}
