import { answerTimeoutMs } from "../answerTimeoutMs.js";
import { EndedError } from "../errors/EndedError.js";
import { mostTelling } from "../errors/mostTelling.js";
import type { PushError } from "../errors/PushError.js";
import { StoppedError } from "../errors/StoppedError.js";
import { toPushError } from "../errors/toPushError.js";
import type { ConnectMode } from "../transport/ConnectMode.js";
import { usesNodeSocket } from "../transport/usesNodeSocket.js";
import type { ReconnectSecret } from "./ReconnectSecret.js";
import type { StockConnection } from "./StockConnection.js";

/** How long a mode may stay silent if there is another to try. */
const silenceTimeoutMs = 5_000;

/** One attempt to connect: tries the modes in turn until one connects. */
export class Opening {
  readonly #modes: readonly ConnectMode[];
  readonly #secret: ReconnectSecret;
  readonly #prepare: (mode: ConnectMode, credential: string) => StockConnection;
  readonly #stop: AbortSignal;
  readonly #failures: PushError[] = [];
  #isAnswered = false;

  constructor(
    modes: readonly ConnectMode[],
    secret: ReconnectSecret,
    prepare: (mode: ConnectMode, credential: string) => StockConnection,
    stop: AbortSignal,
  ) {
    [this.#modes, this.#secret, this.#prepare, this.#stop] = [modes, secret, prepare, stop];
  }

  /**
   * The modes show the secret as long as it may be good. If there is none, or it turns out to be dead, they show a token each. They begin
   * with the first again, which may have failed because of the secret: a browser does not tell.
   */
  async connect(token: () => Promise<string>): Promise<StockConnection> {
    return (await this.#tryEach(() => this.#secret.current)) ?? (await this.#tryWithout(token)) ?? this.#fail();
  }

  /** The modes show the secret, and nothing else. */
  async move(): Promise<StockConnection> {
    return (await this.#tryEach(() => this.#secret.current)) ?? this.#fail();
  }

  async #tryWithout(token: () => Promise<string>): Promise<StockConnection | undefined> {
    if (!this.#isAnswered && !usesNodeSocket()) {
      this.#secret.failedUnseen();
    }

    return this.#secret.current === undefined ? await this.#tryEach(token) : undefined;
  }

  /** Undefined if no mode is left, or nothing to show. */
  async #tryEach(credential: () => string | undefined | Promise<string>): Promise<StockConnection | undefined> {
    let left = this.#modes;
    for (let mode = left[0]; mode; mode = left[0]) {
      left = left.slice(1);
      this.#throwIfStopped();
      const shown = await credential();
      if (shown === undefined) {
        return undefined;
      }

      const connection = this.#prepare(mode, shown);
      if (await this.#opens(connection, shown, left.length > 0)) {
        return connection;
      }

      left = mode === "webSockets" || connection.attempt.hasNegotiated ? left : left.filter((other) => other === "webSockets");
    }

    return undefined;
  }

  #fail(): never {
    throw mostTelling(this.#failures);
  }

  #throwIfStopped(): void {
    if (this.#stop.aborted) {
      throw new StoppedError();
    }
  }

  async #opens(connection: StockConnection, shown: string, hasOther: boolean): Promise<boolean> {
    try {
      await connection.open(hasOther ? silenceTimeoutMs : answerTimeoutMs);
      return true;
    } catch (error) {
      this.#failures.push(unlessEnded(toPushError(error)));
      return false;
    } finally {
      this.#examine(connection, shown);
    }
  }

  /** A secret that was taken, or refused, is good for nothing any more. */
  #examine({ attempt: { isLetIn, answer } }: StockConnection, shown: string): void {
    this.#isAnswered ||= answer !== undefined;
    if (isLetIn || answer === 401) {
      this.#secret.forget(shown);
    }
  }
}

/** The hub has let the client in, and has ended the connection then. It would do so with any other mode. */
function unlessEnded(error: PushError): PushError {
  if (error instanceof EndedError) {
    throw error;
  }

  return error;
}
