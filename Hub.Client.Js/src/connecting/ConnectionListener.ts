/** Is told what the hub sends on one connection, and before that what the token for it told. */
export interface ConnectionListener {
  /** The cursors that came with a token; an attempt may take two of them. */
  offered(cursors: Readonly<Record<string, string>>): void;

  /** @param message Whatever came in as one. */
  received(message: unknown): void;

  /** The hub has found that these logs may end elsewhere than the client thinks. By address, the id of the last message. */
  headsTold(heads: unknown): void;

  /** Something came in that cannot even be told to be a message. */
  unreadable(cause: unknown): void;
}
