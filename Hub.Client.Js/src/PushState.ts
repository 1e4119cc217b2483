/**
 * `stopped` before `start()`, after `stop()`, and when the user must sign in again;
 * `connecting` until the first connection stands, `reconnecting` until a later one does.
 */
export type PushState = "stopped" | "connecting" | "connected" | "reconnecting";
