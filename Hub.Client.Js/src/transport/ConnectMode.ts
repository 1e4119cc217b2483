/**
 * `direct` opens a WebSocket with a single request, which needs no sticky sessions. `negotiated` asks the hub first and
 * then takes the first of WebSockets, server-sent events and long polling that gets through.
 */
export type ConnectMode = "direct" | "negotiated";
