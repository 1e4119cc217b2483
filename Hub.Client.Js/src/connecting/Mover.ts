import type { Clock } from "../Clock.js";
import { EndedError } from "../errors/EndedError.js";
import type { PushError } from "../errors/PushError.js";
import { listenUntil } from "../listenUntil.js";
import type { ResumingConnector } from "../resuming/ResumingConnector.js";
import type { StandingConnection } from "./StandingConnection.js";
import type { ReconnectPolicy } from "./ReconnectPolicy.js";
import type { ReconnectSecret } from "./ReconnectSecret.js";

/** Opens the next connection before the one that is open ends, when the hub asks for it. */
export class Mover {
  readonly #connector: ResumingConnector;
  readonly #secret: ReconnectSecret;
  readonly #policy: ReconnectPolicy;
  readonly #clock: Clock;
  #hasTried = false;

  constructor(connector: ResumingConnector, secret: ReconnectSecret, policy: ReconnectPolicy, clock: Clock) {
    [this.#connector, this.#secret, this.#policy, this.#clock] = [connector, secret, policy, clock];
  }

  /**
   * Returns the connection to go on with: it is open and has resumed, and the old one is to be closed. Undefined when the old one is over,
   * or is to be kept until the hub ends it, because there is no secret to move with.
   */
  async successorOf(connection: StandingConnection, stop: AbortSignal): Promise<StandingConnection | undefined> {
    const over = new AbortController();
    const isOver = connection.closed.then(() => over.abort());
    listenUntil(over.signal, stop, "abort", () => over.abort());
    this.#hasTried = false;
    await Promise.race([connection.moveAsked, isOver]);
    for (let attempt = 0; !over.signal.aborted && this.#secret.current !== undefined; attempt++) {
      this.#hasTried = true;
      const successor = await this.#connector.move(this.#secret, stop).catch(() => undefined);
      if (successor) {
        return successor;
      }

      await this.#clock.wait(this.#policy.delayMs(attempt), over.signal);
    }

    return undefined;
  }

  /** Why the connection is over. It was replaced by this client's own attempt to move, which then failed: that may come back. */
  endOf(error: PushError): PushError {
    const isOwnDoing = this.#hasTried && error instanceof EndedError && error.code === "replaced";
    return isOwnDoing ? new EndedError({ code: error.code, reason: error.reason, mayComeBack: true }) : error;
  }
}
