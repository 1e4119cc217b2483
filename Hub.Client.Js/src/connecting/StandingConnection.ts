/** A connection that has brought all that was missed before it. */
export interface StandingConnection {
  /** Resolves when it is over, with the reason if there was one. */
  readonly closed: Promise<Error | undefined>;

  /** Resolves when the hub has asked to go on with another connection, since its node stops. */
  readonly moveAsked: Promise<void>;

  /** Closes it with the closing handshake, for which the hub has two seconds. Never rejects. */
  close(): Promise<void>;
}
