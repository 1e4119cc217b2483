/** What the groups of a client ask of one connection. */
export interface GroupCalls {
  /** Aborts when the connection is over. */
  readonly over: AbortSignal;

  /**
   * Returns when the connection is in the group, and the client knows where it stands there. Rejects with a {@link GroupError} if the hub
   * refuses it, and with another error if that may go well later.
   */
  join(group: string): Promise<void>;

  /** Returns when the connection is in the group no more, unless something else keeps it there. Rejects as {@link join} does. */
  leave(group: string): Promise<void>;
}
