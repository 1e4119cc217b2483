/** A connection that stands. */
export interface OpenConnection {
  /** Resolves when it is over, with the reason if there was one. */
  readonly closed: Promise<Error | undefined>;

  close(): Promise<void>;
}
