import type { PushError } from "../errors/PushError.js";
import type { StateChange } from "../StateChange.js";

/** What a {@link ConnectionLoop} tells its owner. */
export interface LoopListener {
  /** An attempt did not bring a connection. Comes before the step that says so. */
  failed(failure: PushError): void;

  changed(change: Omit<StateChange, "previous">): void;
}
