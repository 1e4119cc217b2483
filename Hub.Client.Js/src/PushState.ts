/**
 * `stopped` before `start()`, after `stop()`, when the user must sign in again, and when the hub has ended the connection for good;
 * `connecting` until the first connection is open, `reconnecting` after a drop until the next one is.
 */
export type PushState = "stopped" | "connecting" | "connected" | "reconnecting";
