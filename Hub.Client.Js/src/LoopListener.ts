import type { PushMessage } from "./PushMessage.js";
import type { StateChange } from "./StateChange.js";

/** What a {@link ConnectionLoop} tells its owner. */
export interface LoopListener {
  changed(change: Omit<StateChange, "previous">): void;
  received(message: PushMessage): void;
}
