import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";
import type { Clock } from "../Clock.js";
import type { Attempt } from "./Attempt.js";
import { AttemptHttpClient } from "./AttemptHttpClient.js";
import { AttemptSocket } from "./AttemptSocket.js";
import type { ConnectMode } from "./ConnectMode.js";
import { ForgivingProtocol } from "./ForgivingProtocol.js";
import { HeaderEventSource } from "./HeaderEventSource.js";
import type { StockConnectionOptions } from "./StockConnectionOptions.js";

const transports: Readonly<Record<ConnectMode, HttpTransportType>> = {
  webSockets: HttpTransportType.WebSockets,
  serverSentEvents: HttpTransportType.ServerSentEvents,
  longPolling: HttpTransportType.LongPolling,
};

/** On a WebSocket without negotiation the hub tells the heads together with its answer to the handshake, if the query asks for that. */
function withHeads(url: string): string {
  const asking = new URL(url);
  asking.searchParams.set("heads", "true");
  return asking.href;
}

/** A connection for one attempt. It logs nothing: what it would log reaches the owner as typed errors, without URLs. */
export function buildHubConnection(
  url: string,
  mode: ConnectMode,
  token: string,
  attempt: Attempt,
  clock: Clock,
  onUnreadable: ConstructorParameters<typeof ForgivingProtocol>[0],
): HubConnection {
  const options: StockConnectionOptions = {
    accessTokenFactory: () => token,
    transport: transports[mode],
    skipNegotiation: mode === "webSockets",
    httpClient: new AttemptHttpClient(attempt, clock),
    WebSocket: class extends AttemptSocket {
      constructor(address: string, _protocols?: unknown, init?: { readonly headers?: Readonly<Record<string, string>> }) {
        super(attempt, address, init?.headers);
      }
    },
    EventSource: class extends HeaderEventSource {
      constructor(address: string, init?: ConstructorParameters<typeof HeaderEventSource>[2]) {
        super(attempt, address, init);
      }
    },
  };
  return new HubConnectionBuilder()
    .withUrl(options.skipNegotiation ? withHeads(url) : url, options)
    .withHubProtocol(new ForgivingProtocol(onUnreadable))
    .configureLogging(LogLevel.None)
    .build();
}
