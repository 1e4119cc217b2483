import type { Clock } from "../Clock.js";
import type { ConnectionListener } from "./ConnectionListener.js";
import { EndedError } from "../errors/EndedError.js";
import { mostTelling } from "../errors/mostTelling.js";
import { PushError } from "../errors/PushError.js";
import { TokenError } from "../errors/TokenError.js";
import { toPushError } from "../errors/toPushError.js";
import { wordsOf } from "../errors/wordsOf.js";
import type { ConnectMode } from "../transport/ConnectMode.js";
import type { ReconnectPolicy } from "./ReconnectPolicy.js";
import { Renewal } from "../renewing/Renewal.js";
import { RenewalPolicy } from "../renewing/RenewalPolicy.js";
import { StockConnection } from "./StockConnection.js";
import type { OpenConnection } from "./OpenConnection.js";
import { answerTimeoutMs } from "../answerTimeoutMs.js";
import { cursorsIn } from "../resuming/cursorsIn.js";
import type { TokenSource } from "../TokenSource.js";
import type { AccessToken } from "../AccessToken.js";
import { lifetimeIn } from "./lifetimeIn.js";
import { ModeOrder } from "./ModeOrder.js";
import { withTimeout } from "../withTimeout.js";

/** How long a mode may stay silent if there is another to try. */
const silenceTimeoutMs = 5_000;

/** The characters of a token that fit into a header and into a WebSocket subprotocol. */
const tokenPattern = /^[\w.~+-]+$/;

/** Opens connections to one hub, and remembers which mode worked last. */
export class Connector {
  readonly #url: string;
  readonly #token: TokenSource;
  readonly #clock: Clock;
  readonly #order: ModeOrder;
  readonly #policy: ReconnectPolicy;
  readonly #onRenewalError: (error: PushError) => void;
  readonly #renewals = new RenewalPolicy();

  /** @param onRenewalError Is told why a connection cannot be renewed: see {@link Renewal}. */
  constructor(url: string, token: TokenSource, clock: Clock, policy: ReconnectPolicy, onRenewalError: (error: PushError) => void) {
    [this.#url, this.#token, this.#clock, this.#policy, this.#onRenewalError] = [url, token, clock, policy, onRenewalError];
    this.#order = new ModeOrder(clock);
  }

  /**
   * Makes one attempt: tries the modes in turn, each with a token of its own, until one connects.
   * @param attempt How many attempts were made since a connection last held.
   */
  async connect(attempt: number, listener: ConnectionListener, stop: AbortSignal): Promise<OpenConnection> {
    const failures: PushError[] = [];
    let modes = this.#order.next(attempt);
    for (let mode = modes[0]; mode; mode = modes[0]) {
      modes = modes.slice(1);
      const token = await this.#tokenFor(listener, stop);
      const link = this.#prepare(mode, token, listener, stop);
      try {
        await link.open(modes.length > 0 ? silenceTimeoutMs : answerTimeoutMs);
        return link;
      } catch (error) {
        const failure = toPushError(error);
        if (failure instanceof EndedError) {
          throw failure;
        }

        failures.push(failure);
        modes = mode === "webSockets" || link.attempt.hasNegotiated ? modes : modes.filter((other) => other === "webSockets");
      }
    }

    throw mostTelling(failures);
  }

  #prepare(mode: ConnectMode, token: string, listener: ConnectionListener, stop: AbortSignal): StockConnection {
    const renew = async () => link.renew(await this.#tokenFor(listener, link.over));
    const renewal = new Renewal(renew, this.#renewals, this.#policy, this.#clock, this.#onRenewalError);
    const calls = { connected: (details: unknown) => renewal.lives(lifetimeIn(details)), renewAsked: () => renewal.ask() };
    const link = new StockConnection(this.#url, mode, token, this.#order, this.#clock, listener, calls, stop);
    void renewal.run(link.over);
    return link;
  }

  /** A fresh token. The client adopts the cursors that come with it. */
  async #tokenFor(listener: ConnectionListener, stop: AbortSignal): Promise<string> {
    const { token, cursors } = await this.#askForToken(stop);
    listener.offered(cursorsIn(cursors));
    return token;
  }

  async #askForToken(stop: AbortSignal): Promise<AccessToken> {
    const answer = await withTimeout(this.#token, answerTimeoutMs, this.#clock, stop, TokenError).catch((error: unknown) => {
      throw error instanceof PushError ? error : new TokenError(`The token source failed: ${wordsOf(error)}.`, { cause: error });
    });
    const given: unknown = typeof answer === "string" ? { token: answer } : answer;
    if (!isAccessToken(given)) {
      throw new TokenError("The token source answered with something that is no token.");
    }

    return given;
  }
}

/** The token source is code of the application: whatever its type says, it may return anything. */
function isAccessToken(given: unknown): given is AccessToken {
  return (
    typeof given === "object" && given !== null && "token" in given && typeof given.token === "string" && tokenPattern.test(given.token)
  );
}
