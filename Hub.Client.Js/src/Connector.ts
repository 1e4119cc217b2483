import type { Clock } from "./Clock.js";
import { ConnectionError } from "./errors/ConnectionError.js";
import { PushError } from "./errors/PushError.js";
import { RefusedError } from "./errors/RefusedError.js";
import { toPushError } from "./errors/toPushError.js";
import type { OpenConnection } from "./OpenConnection.js";
import type { PushMessage } from "./PushMessage.js";
import type { TokenSource } from "./TokenSource.js";
import { buildHubConnection } from "./transport/buildHubConnection.js";
import type { ConnectMode } from "./transport/ConnectMode.js";
import { withinTime } from "./withinTime.js";

/** As long as the hub waits for the handshake of a new connection. */
const patienceMs = 15_000;

/** What a token may consist of, to fit a header and a WebSocket subprotocol alike. */
const tokenPattern = /^[\w.~+-]+$/;

/** Opens connections to one hub, and remembers which mode got through last. */
export class Connector {
  readonly #url: string;
  readonly #token: TokenSource;
  readonly #clock: Clock;
  #lastMode: ConnectMode | undefined;

  constructor(url: string, token: TokenSource, clock: Clock) {
    this.#url = url;
    this.#token = token;
    this.#clock = clock;
  }

  /**
   * Makes one attempt: the modes in turn, each with a token of its own.
   * @param attempt How many attempts were made since a connection last held.
   */
  async connect(attempt: number, receive: (message: PushMessage) => void, stop: AbortSignal): Promise<OpenConnection> {
    const failures: PushError[] = [];
    for (const mode of this.#modes(attempt)) {
      const token = await this.#askForToken(stop);
      try {
        const connection = await this.#open(mode, token, receive, stop);
        this.#lastMode = mode;
        return connection;
      } catch (error) {
        failures.push(toPushError(error));
      }
    }

    // A refusal tells more than a socket that did not open.
    throw failures.find((failure) => failure instanceof RefusedError) ?? failures.at(-1);
  }

  /** Right after a drop only the mode that worked is tried: when all clients return at once, that halves their load. */
  #modes(attempt: number): readonly ConnectMode[] {
    if (this.#lastMode && attempt <= 1) {
      return [this.#lastMode];
    }

    return this.#lastMode === "negotiated" ? ["negotiated", "direct"] : ["direct", "negotiated"];
  }

  async #askForToken(stop: AbortSignal): Promise<string> {
    const token = await withinTime(this.#token, patienceMs, this.#clock, stop).catch((error: unknown) => {
      throw error instanceof PushError ? error : new ConnectionError("The token source failed.", { cause: error });
    });
    if (typeof token !== "string" || !tokenPattern.test(token)) {
      throw new ConnectionError("The token source answered with something that is no token.");
    }

    return token;
  }

  async #open(mode: ConnectMode, token: string, receive: (message: PushMessage) => void, stop: AbortSignal): Promise<OpenConnection> {
    const connection = buildHubConnection(this.#url, mode, token);
    const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
    connection.on("Receive", receive);
    try {
      await withinTime(() => connection.start(), patienceMs, this.#clock, stop);
      if (mode === "negotiated" && connection.connectionId === null) {
        // The stock client does not notice a stream that ends between the handshake and the first ping, but forgets its id.
        throw new ConnectionError("The connection closed while it was being opened.");
      }
    } catch (error) {
      void connection.stop();
      throw error;
    }

    return { closed, close: () => connection.stop() };
  }
}
