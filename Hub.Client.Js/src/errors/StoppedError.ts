import { PushError } from "./PushError.js";

/** `start()` had not connected yet when `stop()` was called, or when the signal that it was given aborted, whose reason is the `cause` then. */
export class StoppedError extends PushError {
  override readonly name = "StoppedError";
  readonly code = "stopped";

  constructor(cause?: unknown) {
    super("The client was stopped before it had connected.", cause === undefined ? undefined : { cause });
  }
}
