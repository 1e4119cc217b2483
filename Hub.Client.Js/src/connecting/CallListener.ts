/** Is told what the hub calls on one connection about the connection itself. */
export interface CallListener {
  /** @param details Whatever the hub tells of the connection as it opens. */
  connected(details: unknown): void;

  /** The connection is to be renewed now; otherwise the hub ends it. */
  renewAsked(): void;
}
