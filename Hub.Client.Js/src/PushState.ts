/**
 * `stopped` before `start()`, after `stop()`, and when the user must sign in again;
 * `connecting` until the first connection is open, `reconnecting` after a drop until the next one is.
 */
export type PushState = "stopped" | "connecting" | "connected" | "reconnecting";
