import { PushError } from "./PushError.js";

/** No connection could be opened, or an open one broke: because of the network, a proxy or the hub. The client tries again. */
export class ConnectionError extends PushError {
  override readonly name = "ConnectionError";
  readonly code = "connection_failed";
}
