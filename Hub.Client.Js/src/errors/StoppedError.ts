import { PushError } from "./PushError.js";

/** `start()` had not connected yet when `stop()` was called. */
export class StoppedError extends PushError {
  override readonly name = "StoppedError";
  readonly code = "stopped";

  constructor() {
    super("The client was stopped before it had connected.");
  }
}
