/**
 * Messages are gone that this client will never get: they were trimmed, grew too old, or were lost by the hub's Redis
 * before the client came for them, or they are of a kind that this version of the client cannot read. How many is not known.
 */
export interface Loss {
  /** Where they had been published to: `user:alice`, `group:room1` or `everyone`. */
  readonly address: string;
}
