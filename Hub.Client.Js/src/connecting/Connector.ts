import type { Clock } from "../Clock.js";
import type { ConnectionListener } from "./ConnectionListener.js";
import { PushError } from "../errors/PushError.js";
import { TokenError } from "../errors/TokenError.js";
import { wordsOf } from "../errors/wordsOf.js";
import type { ConnectMode } from "../transport/ConnectMode.js";
import { Opening } from "./Opening.js";
import type { ReconnectPolicy } from "./ReconnectPolicy.js";
import type { ReconnectSecret } from "./ReconnectSecret.js";
import { secretIn } from "./secretIn.js";
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
   * Makes one attempt: see {@link Opening}.
   * @param attempt How many attempts were made since a connection last held.
   * @param secret What to come back with. The new connection brings another one.
   */
  connect(attempt: number, secret: ReconnectSecret, listener: ConnectionListener, stop: AbortSignal): Promise<OpenConnection> {
    return this.#open(attempt, secret, listener, stop).connect(() => this.#tokenFor(listener, stop));
  }

  /** Makes one attempt as right after a drop, with nothing but the secret. */
  move(secret: ReconnectSecret, listener: ConnectionListener, stop: AbortSignal): Promise<OpenConnection> {
    return this.#open(0, secret, listener, stop).move();
  }

  #open(attempt: number, secret: ReconnectSecret, listener: ConnectionListener, stop: AbortSignal): Opening {
    const prepare = (mode: ConnectMode, credential: string) => this.#prepare(mode, credential, secret, listener, stop);
    return new Opening(this.#order.next(attempt), secret, prepare, stop);
  }

  #prepare(
    mode: ConnectMode,
    credential: string,
    secret: ReconnectSecret,
    listener: ConnectionListener,
    stop: AbortSignal,
  ): StockConnection {
    const renew = async () => {
      const lifetime = await connection.renew(await this.#tokenFor(listener, connection.over));
      listener.renewed();
      return lifetime;
    };
    const renewal = new Renewal(renew, this.#renewals, this.#policy, this.#clock, this.#onRenewalError);
    const calls = {
      connected: (details: unknown) => {
        renewal.lives(lifetimeIn(details));
        const given = secretIn(details);
        if (given !== undefined) {
          secret.take(given, connection);
        }
      },
      renewAsked: () => renewal.ask(),
    };
    const connection = new StockConnection(this.#url, mode, credential, this.#order, this.#clock, listener, calls, stop);
    void renewal.run(connection.over);
    return connection;
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
