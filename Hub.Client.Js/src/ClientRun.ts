import type { ConnectionLoop } from "./ConnectionLoop.js";
import type { Deferred } from "./Deferred.js";

/** What stands between `start()` and the end of what it started. */
export interface ClientRun {
  readonly loop: ConnectionLoop;

  /** The promise that `start()` gave out. */
  readonly connected: Deferred;
}
