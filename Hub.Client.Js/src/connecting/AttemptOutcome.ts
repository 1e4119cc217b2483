import type { PushError } from "../errors/PushError.js";

/** The end of an attempt: it failed, or it brought a connection that has ended since. */
export interface AttemptOutcome {
  /** Whether the connection lived long enough that its end counts as a new failure, and waits begin anew. */
  readonly held: boolean;

  readonly error: PushError | undefined;
}
