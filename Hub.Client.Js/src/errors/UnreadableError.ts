import { PushError } from "./PushError.js";

/**
 * The hub sent something that this version of the client cannot read and that names no address; it was skipped. If it names an address,
 * {@link PushClient.onLost} tells of it instead.
 */
export class UnreadableError extends PushError {
  override readonly name = "UnreadableError";
  readonly code = "unreadable";

  constructor(cause?: unknown) {
    super("The hub sent something that this client cannot read; it was skipped. Is the hub newer than the client?", { cause });
  }
}
