import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";
import type { ConnectMode } from "./ConnectMode.js";
import { HeaderEventSource } from "./HeaderEventSource.js";
import type { StockConnectionOptions } from "./StockConnectionOptions.js";
import { withTokenAsSubprotocol } from "./withTokenAsSubprotocol.js";

declare const process: { readonly release?: { readonly name?: string } } | undefined;

/** A connection for one attempt. It logs nothing: what it would say reaches the owner as typed errors, without URLs. */
export function buildHubConnection(url: string, mode: ConnectMode, token: string): HubConnection {
  const options: StockConnectionOptions = {
    accessTokenFactory: () => token,
    EventSource: HeaderEventSource,
    ...(mode === "direct" && { transport: HttpTransportType.WebSockets, skipNegotiation: true }),
    ...(putsTokenIntoUrl() && { WebSocket: withTokenAsSubprotocol(WebSocket) }),
  };
  return new HubConnectionBuilder().withUrl(url, options).configureLogging(LogLevel.None).build();
}

/** In a page or worker a WebSocket has no headers. Elsewhere it has, and the stock client uses them: the tests are its own. */
function putsTokenIntoUrl(): boolean {
  const isNode = typeof process !== "undefined" && process.release?.name === "node";
  return !isNode && typeof WebSocket !== "undefined" && ("document" in globalThis || "importScripts" in globalThis);
}
