import type { IHttpConnectionOptions } from "@microsoft/signalr";
import type { AttemptSocket } from "./AttemptSocket.js";
import type { HeaderEventSource } from "./HeaderEventSource.js";

/** The stock client takes both constructors, and picks the one of its platform without them, but declares neither. */
export interface StockConnectionOptions extends IHttpConnectionOptions {
  EventSource?: new (url: string, init?: ConstructorParameters<typeof HeaderEventSource>[2]) => HeaderEventSource;
  WebSocket?: { readonly OPEN: number } & (new (
    url: string,
    protocols?: unknown,
    init?: { readonly headers?: Readonly<Record<string, string>> },
  ) => AttemptSocket);
}
