/**
 * A way to connect to a hub. `webSockets` is a single request and needs no sticky sessions; the other two negotiate first. `longPolling`
 * works wherever a request gets an answer.
 */
export type ConnectMode = "webSockets" | "serverSentEvents" | "longPolling";
