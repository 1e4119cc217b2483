/** The client's clock. Tests replace it by one that they move by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment, never going back. */
  now(): number;

  /** Resolves when the time is up or `signal` aborts, whichever is first. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}
