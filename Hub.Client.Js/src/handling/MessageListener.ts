import type { UnreadableError } from "../errors/UnreadableError.js";
import type { Loss } from "../Loss.js";
import type { PushMessage } from "../PushMessage.js";

/** Gets each message once, those of one address in order, and is told of each loss before what is left. Must not throw. */
export interface MessageListener {
  received(message: PushMessage): void;
  lost(loss: Loss): void;

  /** Something came in that tells no address. */
  unreadable(error: UnreadableError): void;
}
