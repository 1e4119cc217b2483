import type { IHttpConnectionOptions } from "@microsoft/signalr";
import type { HeaderEventSource } from "./HeaderEventSource.js";

/** The stock client takes both constructors, and picks the one of its platform without them, but declares neither. */
export interface StockConnectionOptions extends IHttpConnectionOptions {
  EventSource?: typeof HeaderEventSource;
  WebSocket?: typeof WebSocket;
}
