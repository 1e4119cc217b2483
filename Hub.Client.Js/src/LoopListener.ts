import type { StateChange } from "./StateChange.js";

/** What a {@link ConnectionLoop} tells its owner. */
export interface LoopListener {
  changed(change: Omit<StateChange, "previous">): void;
}
