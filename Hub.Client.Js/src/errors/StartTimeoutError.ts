import { PushError } from "./PushError.js";

/**
 * `start({ timeout })` has not connected in time, and the client has stopped. The `cause` is the failure of its last attempt, if an attempt
 * had ended by then.
 */
export class StartTimeoutError extends PushError {
  override readonly name = "StartTimeoutError";
  readonly code = "start_timeout";

  constructor(ms: number, lastFailure?: PushError) {
    const why = lastFailure ? ` The last attempt failed: ${lastFailure.message}` : " No attempt was over yet.";
    super(`The client did not connect within ${ms / 1_000} seconds.${why}`, { cause: lastFailure });
  }
}
