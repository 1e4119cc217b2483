/**
 * Some messages are gone: this client will never get them. They were trimmed, became too old, or were lost by the hub's Redis before the
 * client asked for them, or this version of the client cannot read them. How many is not known.
 */
export interface Loss {
  /** The address of the messages: `user:alice`, `group:room1` or `everyone`. */
  readonly address: string;
}
