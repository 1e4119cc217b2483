import type { EndedError } from "../errors/EndedError.js";
import type { PushError } from "../errors/PushError.js";
import type { StateChange } from "../StateChange.js";

/** What a {@link ConnectionLoop} tells its owner. */
export interface LoopListener {
  /** An attempt did not bring a connection. Comes before the step that says so. */
  failed(failure: PushError): void;

  /** The hub has ended the connection, open or being opened. Comes before the step that says so. */
  ended(end: EndedError): void;

  changed(change: Omit<StateChange, "previous">): void;
}
