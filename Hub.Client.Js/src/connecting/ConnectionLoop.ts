import type { AttemptOutcome } from "./AttemptOutcome.js";
import type { Clock } from "../Clock.js";
import type { PushError } from "../errors/PushError.js";
import { EndedError } from "../errors/EndedError.js";
import { stops } from "../errors/stops.js";
import { toPushError } from "../errors/toPushError.js";
import type { LoopListener } from "./LoopListener.js";
import { Mover } from "./Mover.js";
import type { StandingConnection } from "./StandingConnection.js";
import type { PushState } from "../PushState.js";
import type { ReconnectPolicy } from "./ReconnectPolicy.js";
import { ReconnectSecret } from "./ReconnectSecret.js";
import type { ResumingConnector } from "../resuming/ResumingConnector.js";
import { PageLifecycle } from "./PageLifecycle.js";

/** A connection that drops sooner than this counts as a failed attempt. Otherwise clients would attack a hub that drops everyone. */
const holdsAfterMs = 5_000;

/** Keeps a connection open from start to stop: connects, notices when it drops, waits a little, connects again. Used for one run. */
export class ConnectionLoop {
  readonly #connector: ResumingConnector;
  readonly #policy: ReconnectPolicy;
  readonly #clock: Clock;
  readonly #listener: LoopListener;
  readonly #lifecycle: PageLifecycle;
  readonly #secret: ReconnectSecret;
  readonly #mover: Mover;

  readonly #stop = new AbortController();
  #connection: StandingConnection | undefined;

  /** The closing of a connection that the client has moved from. */
  #leaving: Promise<void> | undefined;
  #attempting = new AbortController();
  #retrying: "connecting" | "reconnecting" = "connecting";

  /** @param events The source of events about the page and its device: see {@link PageLifecycle}. */
  constructor(
    connector: ResumingConnector,
    policy: ReconnectPolicy,
    clock: Clock,
    events: EventTarget | undefined,
    listener: LoopListener,
  ) {
    this.#connector = connector;
    this.#policy = policy;
    this.#clock = clock;
    this.#listener = listener;
    this.#secret = new ReconnectSecret(clock);
    this.#mover = new Mover(connector, this.#secret, policy, clock);
    this.#lifecycle = new PageLifecycle(events, clock, this.#stop.signal, () => void this.#rest());
  }

  /** Returns only after {@link stop}, or at an error that {@link stops} the client. */
  async run(): Promise<void> {
    let attempt = 0;
    while (!this.#stop.signal.aborted) {
      const { held, error } = await this.#attempt(attempt);
      this.#tellEnd(error);
      if (stops(error)) {
        this.#announce("stopped", error);
        this.#stop.abort();
        return;
      }

      attempt = held ? 0 : attempt;
      await this.#pause(this.#policy.delayMs(attempt), error);
      attempt++;
    }
  }

  /** Announces and receives nothing more from the moment of the call. Resolves when the connection is closed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#rest();
  }

  /** Ends the connection that is open or being opened. Unless it is stopped, the loop continues when its page wakes. */
  async #rest(): Promise<void> {
    this.#attempting.abort();
    await Promise.all([this.#connection?.close(), this.#leaving]);
  }

  async #attempt(attempt: number): Promise<AttemptOutcome> {
    const attempting = new AbortController();
    this.#attempting = attempting;
    try {
      return await this.#stay(await this.#connector.connect(attempt, this.#secret, attempting.signal));
    } catch (error) {
      return { held: false, error: attempting.signal.aborted ? undefined : this.#failed(toPushError(error)) };
    }
  }

  #failed(failure: PushError): PushError {
    this.#listener.failed(failure);
    return failure;
  }

  async #stay(first: StandingConnection): Promise<AttemptOutcome> {
    this.#enter(first);
    this.#retrying = "reconnecting";
    this.#announce("connected");
    const { connection, since } = await this.#follow(first);
    const reason = await connection.closed;
    this.#connection = undefined;
    return { held: this.#clock.now() - since >= holdsAfterMs, error: reason && this.#mover.endOf(toPushError(reason)) };
  }

  /** Goes on from connection to connection as often as the hub asks for it. Returns the last, and since when it was open. */
  async #follow(first: StandingConnection): Promise<{ readonly connection: StandingConnection; readonly since: number }> {
    let [connection, since] = [first, this.#clock.now()];
    const { signal } = this.#attempting;
    for (let next = await this.#mover.successorOf(connection, signal); next; next = await this.#mover.successorOf(connection, signal)) {
      this.#leaving = connection.close();
      [connection, since] = [next, this.#clock.now()];
      this.#enter(connection);
    }

    return { connection, since };
  }

  /** If it was stopped meanwhile, the connection is closed. */
  #enter(connection: StandingConnection): void {
    this.#connection = connection;
    if (this.#attempting.signal.aborted) {
      void connection.close();
    }
  }

  async #pause(retryInMs: number, error: PushError | undefined): Promise<void> {
    this.#announce(this.#retrying, error, retryInMs);
    if (!this.#stop.signal.aborted) {
      await this.#lifecycle.wait(retryInMs);
    }

    this.#announce(this.#retrying);
  }

  #tellEnd(error: PushError | undefined): void {
    if (error instanceof EndedError && !this.#stop.signal.aborted) {
      this.#listener.ended(error);
    }
  }

  #announce(state: PushState, error?: PushError, retryInMs?: number): void {
    if (!this.#stop.signal.aborted) {
      this.#listener.changed({ state, error, retryInMs });
    }
  }
}
