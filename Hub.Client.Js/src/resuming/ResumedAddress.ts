import type { PushMessage } from "../PushMessage.js";

/** What a client has missed at one address. */
export interface ResumedAddress {
  /** True: `messages` holds everything after the client's cursor. False: some messages are gone for ever, and it holds what is left. */
  readonly recovered: boolean;

  /** The client's cursor once it has handled `messages`. */
  readonly cursor: string;

  readonly messages: readonly PushMessage[];
}
