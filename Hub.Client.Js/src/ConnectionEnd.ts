/** Why the hub has ended a connection. */
export interface ConnectionEnd {
  /** A stable word, such as `node_stopping`, `token_expired` or `ended`; docs/protocol.md has all of them. */
  readonly code: string;

  /** The same as a sentence, for people. A backend that ends connections may have written it. */
  readonly reason: string;

  /** Whether the client connects again by itself. If not, it has stopped, until `start()` is called. */
  readonly mayComeBack: boolean;
}
