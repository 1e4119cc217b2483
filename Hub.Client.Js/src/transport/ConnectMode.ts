/**
 * A way to a hub. `webSockets` takes a single request, and no sticky sessions; the other two negotiate first. `longPolling` gets
 * through wherever a request gets an answer.
 */
export type ConnectMode = "webSockets" | "serverSentEvents" | "longPolling";
