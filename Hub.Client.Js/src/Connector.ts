import type { HubConnection } from "@microsoft/signalr";
import type { Clock } from "./Clock.js";
import type { ConnectionListener } from "./ConnectionListener.js";
import { ConnectionError } from "./errors/ConnectionError.js";
import { PushError } from "./errors/PushError.js";
import { RefusedError } from "./errors/RefusedError.js";
import { StoppedError } from "./errors/StoppedError.js";
import { TokenError } from "./errors/TokenError.js";
import { toPushError } from "./errors/toPushError.js";
import { wordsOf } from "./errors/wordsOf.js";
import type { OpenConnection } from "./OpenConnection.js";
import type { PushMessage } from "./PushMessage.js";
import { cursorsIn } from "./resume/cursorsIn.js";
import type { ResumeAnswer } from "./resume/ResumeAnswer.js";
import type { ResumeRequest } from "./resume/ResumeRequest.js";
import type { TokenSource } from "./TokenSource.js";
import type { TokenWithCursors } from "./TokenWithCursors.js";
import { Attempt } from "./transport/Attempt.js";
import { buildHubConnection } from "./transport/buildHubConnection.js";
import type { ConnectMode } from "./transport/ConnectMode.js";
import { invokeResume } from "./transport/invokeResume.js";
import { ModeOrder } from "./transport/ModeOrder.js";
import { withinTime } from "./withinTime.js";

/** For each answer, be it of the token source or of the hub: as long as the hub waits for the handshake of a new connection. */
const patienceMs = 15_000;

/** For a way in that stays silent, where there is another. */
const patienceWithOthersMs = 5_000;

/** For the goodbye to a connection. */
const goodbyeMs = 2_000;

/** What a token may consist of, to fit a header and a WebSocket subprotocol alike. */
const tokenPattern = /^[\w.~+-]+$/;

/** Opens connections to one hub, and remembers which way got through last. */
export class Connector {
  readonly #url: string;
  readonly #token: TokenSource;
  readonly #clock: Clock;
  readonly #order: ModeOrder;

  constructor(url: string, token: TokenSource, clock: Clock) {
    this.#url = url;
    this.#token = token;
    this.#clock = clock;
    this.#order = new ModeOrder(clock);
  }

  /**
   * Makes one attempt: the modes in turn, each with a token of its own, until one opens.
   * @param attempt How many attempts were made since a connection last held.
   */
  async connect(attempt: number, listener: ConnectionListener, stop: AbortSignal): Promise<OpenConnection> {
    const failures: PushError[] = [];
    let modes = this.#order.next(attempt);
    for (let mode = modes[0]; mode; mode = modes[0]) {
      modes = modes.slice(1);
      const { token, cursors } = await this.#askForToken(stop);
      listener.offered(cursorsIn(cursors));
      const trial = new Attempt();
      try {
        return await this.#open(mode, token, listener, trial, modes.length > 0 ? patienceWithOthersMs : patienceMs, stop);
      } catch (error) {
        failures.push(trial.failure ?? toPushError(error));
        modes = mode === "webSockets" || trial.hasNegotiated ? modes : modes.filter((other) => other === "webSockets");
      }
    }

    // A refusal tells more than a socket that did not open.
    throw failures.find((failure) => failure instanceof RefusedError) ?? failures.at(-1);
  }

  async #askForToken(stop: AbortSignal): Promise<TokenWithCursors> {
    const answer = await withinTime(this.#token, patienceMs, this.#clock, stop, TokenError).catch((error: unknown) => {
      throw error instanceof PushError ? error : new TokenError(`The token source failed: ${wordsOf(error)}.`, { cause: error });
    });
    const given = typeof answer === "string" ? { token: answer } : answer;
    if (typeof given?.token !== "string" || !tokenPattern.test(given.token)) {
      throw new TokenError("The token source answered with something that is no token.");
    }

    return given;
  }

  async #open(mode: ConnectMode, token: string, listener: ConnectionListener, attempt: Attempt, ms: number, stop: AbortSignal): Promise<OpenConnection> {
    const connection = buildHubConnection(this.#url, mode, token, attempt, this.#clock);
    const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
    connection.on("Receive", (message: PushMessage) => listener.received(message));
    connection.on("Heads", (heads: Readonly<Record<string, string>>) => listener.headsTold(heads));
    const end = () => attempt.end(new StoppedError());
    stop.addEventListener("abort", end);
    try {
      await withinTime(() => connection.start(), ms, this.#clock, attempt.signal);
      if (mode !== "webSockets" && connection.connectionId === null) {
        // The stock client does not notice a stream that ends between the handshake and the first ping, but forgets its id.
        throw new ConnectionError("The connection closed while it was being opened.");
      }
    } catch (error) {
      attempt.end(toPushError(error));
      throw error;
    } finally {
      stop.removeEventListener("abort", end);
    }

    this.#order.opened(mode);
    return {
      closed,
      resume: this.#resumer(connection, mode, stop),
      close: () => this.#sayGoodbye(connection, attempt),
      abandon: () => attempt.end(),
    };
  }

  /** The hub's first answer shows that this way in works in both directions. */
  #resumer(connection: HubConnection, mode: ConnectMode, stop: AbortSignal): OpenConnection["resume"] {
    let isHeard = false;
    const ask = async (request: ResumeRequest): Promise<ResumeAnswer> => {
      const answer = await invokeResume(connection, request).finally(() => (isHeard = true));
      this.#order.answered(mode);
      return answer;
    };
    return async (request) => {
      try {
        return await withinTime(() => ask(request), patienceMs, this.#clock, stop);
      } catch (error) {
        if (!isHeard && !stop.aborted) {
          this.#order.wentSilent(mode);
        }

        throw error;
      }
    };
  }

  async #sayGoodbye(connection: HubConnection, attempt: Attempt): Promise<void> {
    await withinTime(() => connection.stop(), goodbyeMs, this.#clock, attempt.signal).catch(() => {});
    attempt.end();
  }
}
