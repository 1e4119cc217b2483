import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";
import type { Clock } from "../Clock.js";
import type { Attempt } from "./Attempt.js";
import { AttemptHttpClient } from "./AttemptHttpClient.js";
import { AttemptSocket } from "./AttemptSocket.js";
import { clientName } from "./clientName.js";
import type { ConnectMode } from "./ConnectMode.js";
import { ForgivingProtocol } from "./ForgivingProtocol.js";
import { HeaderEventSource } from "./HeaderEventSource.js";
import type { ProtocolListener } from "./ProtocolListener.js";
import type { StockConnectionOptions } from "./StockConnectionOptions.js";

const transports: Readonly<Record<ConnectMode, HttpTransportType>> = {
  webSockets: HttpTransportType.WebSockets,
  serverSentEvents: HttpTransportType.ServerSentEvents,
  longPolling: HttpTransportType.LongPolling,
};

/**
 * The address with what the hub is to know from the beginning. A page may have named its app there (`?client=shop/3.1`). The hub tells what
 * a client needs to keep its connection (`Connected`), and on a WebSocket without negotiation the heads together with its answer to the
 * handshake, if the query asks for that.
 */
function introduced(url: string, mode: ConnectMode): string {
  const told = new URL(url);
  if (!told.searchParams.has("client")) {
    told.searchParams.set("client", clientName);
  }
  told.searchParams.set("connected", "true");
  if (mode === "webSockets") {
    told.searchParams.set("heads", "true");
  }
  return told.href;
}

/** A connection for one attempt. It logs nothing: what it would log reaches the owner as typed errors, without URLs. */
export function buildHubConnection(
  url: string,
  mode: ConnectMode,
  token: string,
  attempt: Attempt,
  clock: Clock,
  listener: ProtocolListener,
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
    .withUrl(introduced(url, mode), options)
    .withHubProtocol(new ForgivingProtocol(listener))
    .configureLogging(LogLevel.None)
    .build();
}
