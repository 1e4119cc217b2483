import type { UnreadableError } from "../errors/UnreadableError.js";
import type { Loss } from "../Loss.js";
import type { PushMessage } from "../PushMessage.js";

/** Gets each message once, those of one address in order, and each loss before the messages after it. Must not throw. */
export interface MessageListener {
  /** Resolves when its handlers have ended, with whether none has failed. */
  received(message: PushMessage): Promise<boolean>;
  lost(loss: Loss): void;

  /** Something unreadable came in that names no address. */
  unreadable(error: UnreadableError): void;
}
