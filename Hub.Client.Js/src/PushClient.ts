import type { ConnectionEnd } from "./ConnectionEnd.js";
import { Run } from "./connecting/Run.js";
import { ConnectionLoop } from "./connecting/ConnectionLoop.js";
import { Connector } from "./connecting/Connector.js";
import type { PushError } from "./errors/PushError.js";
import { StoppedError } from "./errors/StoppedError.js";
import { HandlerList } from "./handling/HandlerList.js";
import { hubUrl } from "./connecting/hubUrl.js";
import type { Loss } from "./Loss.js";
import { eventsOfHost } from "./connecting/eventsOfHost.js";
import type { PushClientOptions } from "./PushClientOptions.js";
import type { PushLogger } from "./PushLogger.js";
import type { PushMessage } from "./PushMessage.js";
import type { PushState } from "./PushState.js";
import type { JoinOptions } from "./JoinOptions.js";
import { JoinedGroups } from "./joining/JoinedGroups.js";
import { Receipts } from "./receipts/Receipts.js";
import { ReconnectPolicy } from "./connecting/ReconnectPolicy.js";
import { Cursors } from "./resuming/Cursors.js";
import { ResumingConnector } from "./resuming/ResumingConnector.js";
import { StoredCursors } from "./resuming/StoredCursors.js";
import type { StartOptions } from "./StartOptions.js";
import type { StateChange } from "./StateChange.js";
import { SystemClock } from "./SystemClock.js";
import { pageOfHost } from "./warnings/pageOfHost.js";
import { warningOf } from "./warnings/warningOf.js";

/**
 * Receives what is pushed to one user, on one connection that it keeps open by itself. It asks for a token to connect, unless the hub lets
 * it come back without one, and to renew a connection that its token lets stay for a time only. Attempts go on until `stop()` is called,
 * the user must sign in again, or the hub ends the connection and does not let it come back.
 *
 * Every message arrives at least once within the hub's retention, and is handed to the handlers once, in order per address, however often
 * the connection drops. Messages that are gone for ever are announced by {@link onLost}. There is no order between addresses, and transient
 * messages come at most once.
 */
export class PushClient {
  /**
   * This client itself, even if a proxy wraps it, such as Vue's `reactive()`. Then `this` is the proxy, which has none of the private
   * fields and wraps everything that is read through it. What this function returns is not wrapped.
   */
  private readonly itself = () => this;

  readonly #clock = new SystemClock();
  readonly #connector: ResumingConnector;
  readonly #groups: JoinedGroups;
  readonly #policy: ReconnectPolicy;
  readonly #hubUrl: string;
  readonly #logger: PushLogger;

  readonly #errors = new HandlerList<unknown>((error) => console.error(error));
  readonly #changes = new HandlerList<StateChange>((error) => this.#report(error));
  readonly #ends = new HandlerList<ConnectionEnd>((error) => this.#report(error));
  readonly #losses = new HandlerList<Loss>((error) => this.#report(error));
  readonly #messages = new Map<string, HandlerList<PushMessage>>();

  #state: PushState = "stopped";
  #run: Run | undefined;

  constructor({ url, token, retry, from = "head", storage, logger = console }: PushClientOptions) {
    const hub = hubUrl(url);
    this.#hubUrl = hub;
    this.#logger = logger;
    const stored = new StoredCursors(storage, hub, (error) => this.#report(error));
    const cursors = new Cursors(stored);
    const receipts = new Receipts(() => stored.device, this.#clock);
    this.#policy = new ReconnectPolicy(retry);
    this.#groups = new JoinedGroups(cursors, this.#policy, this.#clock, (error) => this.#report(error));
    const connector = new Connector(hub, token, this.#clock, this.#policy, (error) => this.#report(error));
    this.#connector = new ResumingConnector(connector, cursors, this.#groups, receipts, from, {
      received: (message) => this.#deliver(message),
      lost: (loss) => void this.#losses.call(loss),
      unreadable: (error) => this.#report(error),
    });
  }

  get state(): PushState {
    return this.itself().#state;
  }

  /**
   * Calls `handler` with every message of a type, or of all types if that is `*`, until the returned function is called.
   * The handlers of a type run in the order in which they were added. A message does not come again for a handler that throws, or that is
   * asynchronous and fails later. The hub is told that a message is handled when all its handlers have returned, and what they return has
   * resolved.
   */
  on<T = unknown>(type: string, handler: (message: PushMessage<T>) => unknown): () => void {
    return this.itself()
      .#handlersOf(type)
      .add((message) => handler(message as PushMessage<T>));
  }

  /** Calls `handler` with every step between the states, until the returned function is called. */
  onState(handler: (change: StateChange) => void): () => void {
    return this.itself().#changes.add(handler);
  }

  /**
   * Calls `handler` when the hub has ended the connection, or one that was just being opened, and has said why, until the returned
   * function is called. {@link onState} tells of the same end right after it, as an {@link EndedError}. A connection that breaks or is
   * stopped is not told here.
   */
  onEnded(handler: (end: ConnectionEnd) => void): () => void {
    return this.itself().#ends.add(handler);
  }

  /**
   * Calls `handler` when messages of an address are gone for ever, before later ones are handed over, until the returned function is
   * called. This is the moment to load the state again from the backend. Without any handler, nothing happens.
   */
  onLost(handler: (loss: Loss) => void): () => void {
    return this.itself().#losses.add(handler);
  }

  /**
   * Calls `handler` with what other handlers throw or reject with, with the first error of the storage for cursors, and with an
   * {@link UnreadableError} for what the client could not read. Without any handler of errors, they go to the console.
   *
   * Also tells why the connection, which goes on, will not be renewed: with the {@link SignInRequiredError} that `token` threw, or with a
   * {@link RenewalError} if the new token is another user's. When the old token's time is over, the hub ends the connection. And, with a
   * {@link GroupError}, which group the client is in no more, since the hub has not let it join again.
   */
  onError(handler: (error: unknown) => void): () => void {
    return this.itself().#errors.add(handler);
  }

  /**
   * Resolves when the client is connected, however many attempts that takes. By then all missed messages have been handled, and what is
   * published from then on arrives. Until the client is stopped, further calls wait for the same.
   * @param options By default there is no limit to how long it tries.
   * @throws {SignInRequiredError} if `token` threw it, {@link EndedError} if the hub ended the connection for good, {@link StoppedError}
   * if `stop()` or the signal came first, or {@link StartTimeoutError} if the time was up first.
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.itself().#start(options);
  }

  /**
   * Has the client be in a group, as far as its token allows (`mayJoin`), and resolves when the hub has put it there: what is published to
   * the group from then on arrives. The client stays in the group until {@link leave} or {@link stop}: each new connection joins again, and
   * misses nothing of it either. It begins at the end of the group's log, or, if it has a cursor there, behind that.
   *
   * Waits for a connection if there is none, also before `start()`, and tries again while the hub cannot do it. To join what is joined is
   * no mistake.
   * @throws {GroupError} if the hub refuses it, or if `leave()` or the signal came first. If the hub refuses it when the client joins again
   * later, {@link onError} tells.
   * @throws {PushError} if the client stops before: the error of {@link onState}, or {@link StoppedError}.
   */
  join(group: string, { signal }: JoinOptions = {}): Promise<void> {
    return this.itself().#groups.join(group, signal);
  }

  /**
   * Has the client be in a group no more, unless its token or the backend keeps it there, and resolves when the hub has taken it out. If
   * `join()` and `leave()` are called for one group, the client does what was called last.
   */
  leave(group: string): Promise<void> {
    return this.itself().#groups.leave(group);
  }

  /**
   * Closes the connection and makes no further attempt. The client can be started again, and then continues where it stopped, but for the
   * groups that it has joined.
   */
  stop(): Promise<void> {
    return this.itself().#stop();
  }

  #start(options: StartOptions): Promise<void> {
    const { timeout, signal } = options;
    if (timeout !== undefined && !(timeout > 0)) {
      return Promise.reject(new RangeError(`The timeout of start() is a number of milliseconds above zero, unlike ${timeout}.`));
    }

    if (signal?.aborted) {
      return Promise.reject(new StoppedError(signal.reason));
    }

    const run = this.#run ?? this.#begin();
    return timeout || signal ? run.connectedWithin(options, this.#clock, (error) => this.#giveUp(run, error)) : run.connected;
  }

  async #stop(): Promise<void> {
    this.#groups.end(new StoppedError());
    if (this.#run) {
      const closed = this.#run.stop();
      this.#change({ state: "stopped" });
      await closed;
    }
  }

  #begin(): Run {
    const loop = new ConnectionLoop(this.#connector, this.#policy, this.#clock, eventsOfHost(), {
      failed: (failure) => this.#hasFailed(run, failure),
      ended: ({ code, reason, mayComeBack }) => void this.#ends.call({ code, reason, mayComeBack }),
      changed: (change) => this.#change(change),
    });
    const run = new Run(loop);
    this.#run = run;
    this.#change({ state: "connecting" });
    run.begin();
    return run;
  }

  #giveUp(run: Run, error: PushError): void {
    if (run === this.#run) {
      void run.stop();
      this.#change({ state: "stopped", error });
    }
  }

  #hasFailed(run: Run, failure: PushError): void {
    try {
      if (run.hasFailed(failure)) {
        this.#logger.warn(warningOf(failure, this.#hubUrl, pageOfHost()));
      }
    } catch (error) {
      this.#report(error);
    }
  }

  #change(change: Omit<StateChange, "previous">): void {
    const previous = this.#state;
    this.#state = change.state;
    if (change.state === "connected") {
      this.#run?.hasConnected();
    } else if (change.state === "stopped") {
      const error = change.error ?? new StoppedError();
      this.#run?.hasStopped(error);
      this.#groups.end(error);
      this.#run = undefined;
    }

    void this.#changes.call({ ...change, previous });
  }

  #handlersOf(type: string): HandlerList<PushMessage> {
    const handlers = this.#messages.get(type) ?? new HandlerList<PushMessage>((error) => this.#report(error));
    this.#messages.set(type, handlers);
    return handlers;
  }

  async #deliver(message: PushMessage): Promise<boolean> {
    const handlers = [...new Set([message.type, "*"])].flatMap((type) => this.#messages.get(type) ?? []);
    const outcomes = handlers.map((each) => each.call(message));
    return (await Promise.all(outcomes)).every(Boolean);
  }

  #report(error: unknown): void {
    if (this.#errors.size > 0) {
      void this.#errors.call(error);
    } else {
      console.error(error);
    }
  }
}
