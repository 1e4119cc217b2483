import type { PushMessage } from "./PushMessage.js";

/** Hears what the hub says on one connection, and before that what the token for it told. */
export interface ConnectionListener {
  /** The cursors that came with a token; an attempt may take two of them. */
  offered(cursors: Readonly<Record<string, string>>): void;

  received(message: PushMessage): void;

  /** The hub has found that these logs may end elsewhere than the client thinks. By address, the id of the last message. */
  headsTold(heads: Readonly<Record<string, string>>): void;
}
