import type { AttemptOutcome } from "./AttemptOutcome.js";
import type { Clock } from "./Clock.js";
import type { PushError } from "./errors/PushError.js";
import { SignInRequiredError } from "./errors/SignInRequiredError.js";
import { toPushError } from "./errors/toPushError.js";
import type { LoopListener } from "./LoopListener.js";
import type { OpenConnection } from "./OpenConnection.js";
import type { PushState } from "./PushState.js";
import type { ReconnectPolicy } from "./ReconnectPolicy.js";
import type { ResumingConnector } from "./resume/ResumingConnector.js";

/** A connection that drops sooner than this counts as a failed attempt, or a hub that drops everyone would be hammered. */
const holdsAfterMs = 5_000;

/** Keeps a connection up from start to stop: connects, notices the drop, waits a little, connects again. Good for one run. */
export class ConnectionLoop {
  readonly #connector: ResumingConnector;
  readonly #policy: ReconnectPolicy;
  readonly #clock: Clock;
  readonly #network: EventTarget | undefined;
  readonly #listener: LoopListener;

  readonly #stop = new AbortController();
  #connection: OpenConnection | undefined;
  #retrying: "connecting" | "reconnecting" = "connecting";

  /** @param network Fires `online` when the device has found its network again, as the window of a page does. */
  constructor(connector: ResumingConnector, policy: ReconnectPolicy, clock: Clock, network: EventTarget | undefined, listener: LoopListener) {
    this.#connector = connector;
    this.#policy = policy;
    this.#clock = clock;
    this.#network = network;
    this.#listener = listener;
  }

  /** Returns only after {@link stop}, or when the user must sign in again. */
  async run(): Promise<void> {
    let attempt = 0;
    while (!this.#stop.signal.aborted) {
      const { held, error } = await this.#attempt(attempt);
      if (error instanceof SignInRequiredError) {
        this.#announce("stopped", error);
        return;
      }

      attempt = held ? 0 : attempt;
      await this.#pause(this.#policy.delayMs(attempt), error);
      attempt++;
    }
  }

  /** From the moment of the call nothing is announced or received any more; resolves when the connection is closed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#connection?.close();
  }

  async #attempt(attempt: number): Promise<AttemptOutcome> {
    try {
      return await this.#stay(await this.#connector.connect(attempt, this.#stop.signal));
    } catch (error) {
      const failure = toPushError(error);
      if (!this.#stop.signal.aborted) {
        this.#listener.failed(failure);
      }

      return { held: false, error: failure };
    }
  }

  async #stay(connection: OpenConnection): Promise<AttemptOutcome> {
    const since = this.#clock.now();
    this.#connection = connection;
    this.#retrying = "reconnecting";
    this.#announce("connected");
    if (this.#stop.signal.aborted) {
      void connection.close();
    }

    const reason = await connection.closed;
    this.#connection = undefined;
    return { held: this.#clock.now() - since >= holdsAfterMs, error: reason && toPushError(reason) };
  }

  async #pause(retryInMs: number, error: PushError | undefined): Promise<void> {
    this.#announce(this.#retrying, error, retryInMs);
    await this.#waitForNetworkOr(retryInMs);
    this.#announce(this.#retrying);
  }

  async #waitForNetworkOr(ms: number): Promise<void> {
    const stop = this.#stop.signal;
    if (stop.aborted) {
      return;
    }

    const over = new AbortController();
    const end = () => over.abort();
    stop.addEventListener("abort", end, { signal: over.signal });
    this.#network?.addEventListener("online", end, { signal: over.signal });
    await this.#clock.wait(ms, over.signal);
    end();
  }

  #announce(state: PushState, error?: PushError, retryInMs?: number): void {
    if (!this.#stop.signal.aborted) {
      this.#listener.changed({ state, error, retryInMs });
    }
  }
}
