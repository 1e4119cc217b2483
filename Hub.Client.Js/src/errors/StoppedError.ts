import { PushError } from "./PushError.js";

/**
 * `start()` had not connected yet when `stop()` was called or its signal aborted. In the second case the signal's reason is the `cause`.
 */
export class StoppedError extends PushError {
  override readonly name = "StoppedError";
  readonly code = "stopped";

  constructor(cause?: unknown) {
    super("The client was stopped before it had connected.", cause === undefined ? undefined : { cause });
  }
}
