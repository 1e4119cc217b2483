import type { PushMessage } from "../PushMessage.js";

/** What a client has missed at one address. */
export interface ResumedAddress {
  /** True: `messages` is all that came after its cursor. False: something is gone for ever, and they are what is left. */
  readonly recovered: boolean;

  /** Where the client stands when it has handled `messages`. */
  readonly cursor: string;

  readonly messages: readonly PushMessage[];
}
