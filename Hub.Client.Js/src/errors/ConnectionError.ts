import { PushError } from "./PushError.js";

/** No connection came about, or a live one broke: the network, a proxy or the hub itself. The client tries again. */
export class ConnectionError extends PushError {
  override readonly name = "ConnectionError";
  readonly code = "connection_failed";
}
