import type { IHttpConnectionOptions } from "@microsoft/signalr";
import type { AttemptSocket } from "./AttemptSocket.js";
import type { HeaderEventSource } from "./HeaderEventSource.js";

/** The stock client accepts both constructors, and uses those of its platform otherwise, but its types declare neither. */
export interface StockConnectionOptions extends IHttpConnectionOptions {
  EventSource?: new (url: string, init?: ConstructorParameters<typeof HeaderEventSource>[2]) => HeaderEventSource;
  WebSocket?: { readonly OPEN: number } & (new (
    url: string,
    protocols?: unknown,
    init?: { readonly headers?: Readonly<Record<string, string>> },
  ) => AttemptSocket);
}
