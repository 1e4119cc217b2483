import { PushError } from "./PushError.js";

/**
 * `stop()` was called before what a promise was to bring, or the signal of `start()` aborted before it had connected. In the second case
 * the signal's reason is the `cause`.
 */
export class StoppedError extends PushError {
  override readonly name = "StoppedError";
  readonly code = "stopped";

  constructor(cause?: unknown) {
    super("The client was stopped before that was done.", cause === undefined ? undefined : { cause });
  }
}
