/** Is told what the hub sends on one connection, and the cursors that came with its token. */
export interface ConnectionListener {
  /** The cursors that came with a token; an attempt may take two of them. */
  offered(cursors: Readonly<Record<string, string>>): void;

  /** @param message Whatever came in as one. */
  received(message: unknown): void;

  /**
   * The hub tells where these logs end, as the connection opens or because the client may have missed something. By address, the id of the
   * last message.
   */
  headsTold(heads: unknown): void;

  /** The connection goes on by another token. */
  renewed(): void;

  /** Something came in that cannot even be recognised as a message. */
  unreadable(cause: unknown): void;
}
