import type { PushError } from "./errors/PushError.js";
import type { PushState } from "./PushState.js";

/** A change of a client's state. A failed attempt counts as one too, so `state` may equal `previous`. */
export interface StateChange {
  readonly state: PushState;
  readonly previous: PushState;

  /** Why: the drop, the refusal, or what has stopped the client: a {@link SignInRequiredError} or an {@link EndedError}. */
  readonly error?: PushError | undefined;

  /** Set while the client waits before its next attempt, and absent once that attempt begins. */
  readonly retryInMs?: number | undefined;
}
