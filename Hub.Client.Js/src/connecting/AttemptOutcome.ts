import type { PushError } from "../errors/PushError.js";

/** What became of an attempt once it is over: it failed, or it brought a connection that has ended since. */
export interface AttemptOutcome {
  /** The connection lived long enough that its end is a new failure, not the old one. */
  readonly held: boolean;

  readonly error: PushError | undefined;
}
