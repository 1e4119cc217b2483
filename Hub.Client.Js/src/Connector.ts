import type { Clock } from "./Clock.js";
import type { ConnectionListener } from "./ConnectionListener.js";
import { ConnectionError } from "./errors/ConnectionError.js";
import { PushError } from "./errors/PushError.js";
import { RefusedError } from "./errors/RefusedError.js";
import { toPushError } from "./errors/toPushError.js";
import type { OpenConnection } from "./OpenConnection.js";
import type { PushMessage } from "./PushMessage.js";
import { cursorsIn } from "./resume/cursorsIn.js";
import type { TokenSource } from "./TokenSource.js";
import type { TokenWithCursors } from "./TokenWithCursors.js";
import { buildHubConnection } from "./transport/buildHubConnection.js";
import type { ConnectMode } from "./transport/ConnectMode.js";
import { invokeResume } from "./transport/invokeResume.js";
import { withinTime } from "./withinTime.js";

/** For each answer, be it of the token source or of the hub: as long as the hub waits for the handshake of a new connection. */
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
  async connect(attempt: number, listener: ConnectionListener, stop: AbortSignal): Promise<OpenConnection> {
    const failures: PushError[] = [];
    for (const mode of this.#modes(attempt)) {
      const { token, cursors } = await this.#askForToken(stop);
      listener.offered(cursorsIn(cursors));
      try {
        const connection = await this.#open(mode, token, listener, stop);
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

  async #askForToken(stop: AbortSignal): Promise<TokenWithCursors> {
    const answer = await withinTime(this.#token, patienceMs, this.#clock, stop).catch((error: unknown) => {
      throw error instanceof PushError ? error : new ConnectionError("The token source failed.", { cause: error });
    });
    const given = typeof answer === "string" ? { token: answer } : answer;
    if (typeof given?.token !== "string" || !tokenPattern.test(given.token)) {
      throw new ConnectionError("The token source answered with something that is no token.");
    }

    return given;
  }

  async #open(mode: ConnectMode, token: string, listener: ConnectionListener, stop: AbortSignal): Promise<OpenConnection> {
    const connection = buildHubConnection(this.#url, mode, token);
    const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
    connection.on("Receive", (message: PushMessage) => listener.received(message));
    connection.on("Heads", (heads: Readonly<Record<string, string>>) => listener.headsTold(heads));
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

    return {
      closed,
      resume: (request) => withinTime(() => invokeResume(connection, request), patienceMs, this.#clock, stop),
      close: () => connection.stop(),
    };
  }
}
