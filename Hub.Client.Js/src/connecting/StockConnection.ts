import type { HubConnection } from "@microsoft/signalr";
import type { Clock } from "../Clock.js";
import type { CallListener } from "./CallListener.js";
import type { ConnectionListener } from "./ConnectionListener.js";
import { ConnectionError } from "../errors/ConnectionError.js";
import type { EndedError } from "../errors/EndedError.js";
import { endIn } from "../errors/endIn.js";
import { StoppedError } from "../errors/StoppedError.js";
import { toPushError } from "../errors/toPushError.js";
import { UnreadableError } from "../errors/UnreadableError.js";
import type { OpenConnection } from "./OpenConnection.js";
import { answerTimeoutMs } from "../answerTimeoutMs.js";
import type { HandledAddress } from "../receipts/HandledAddress.js";
import type { ResumeAnswer } from "../resuming/ResumeAnswer.js";
import type { ResumeRequest } from "../resuming/ResumeRequest.js";
import { Attempt } from "../transport/Attempt.js";
import { buildHubConnection } from "../transport/buildHubConnection.js";
import type { ConnectMode } from "../transport/ConnectMode.js";
import { invokeGroup } from "../transport/invokeGroup.js";
import { invokeRenew } from "../transport/invokeRenew.js";
import { invokeResume } from "../transport/invokeResume.js";
import { lifetimeIn } from "./lifetimeIn.js";
import type { ModeOrder } from "./ModeOrder.js";
import { withTimeout } from "../withTimeout.js";

/** How long the closing handshake may take. */
const closeTimeoutMs = 2_000;

/** One connection of the stock client, from the attempt to open it to its end. */
export class StockConnection implements OpenConnection {
  readonly closed: Promise<Error | undefined>;
  readonly moveAsked: Promise<void>;
  readonly attempt = new Attempt();
  readonly #mode: ConnectMode;
  readonly #order: ModeOrder;
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  readonly #connection: HubConnection;
  readonly #over = new AbortController();
  #hasAnswered = false;
  #end: EndedError | undefined;
  #lastSignAt: number;
  #failCall: (error: Error) => void = () => {};

  constructor(
    url: string,
    mode: ConnectMode,
    token: string,
    order: ModeOrder,
    clock: Clock,
    listener: ConnectionListener,
    calls: CallListener,
    stop: AbortSignal,
  ) {
    [this.#mode, this.#order, this.#clock, this.#stop] = [mode, order, clock, stop];
    this.#lastSignAt = clock.time();
    this.#connection = buildHubConnection(url, mode, token, this.attempt, clock, {
      received: () => (this.#lastSignAt = clock.time()),
      closing: (message) => (this.#end = endIn(message)),
      unreadable: (cause, isAnswer) => (isAnswer ? this.#failCall(new UnreadableError(cause)) : listener.unreadable(cause)),
    });
    this.closed = new Promise((resolve) =>
      this.#connection.onclose((reason) => {
        this.#over.abort();
        resolve(this.#end ?? reason);
      }),
    );
    this.attempt.signal.addEventListener("abort", () => this.#over.abort());
    this.#connection.on("Receive", (message: unknown) => listener.received(message));
    this.#connection.on("Heads", (heads: unknown) => {
      this.#answered();
      listener.headsTold(heads);
    });
    this.#connection.on("Connected", (details: unknown) => calls.connected(details));
    this.moveAsked = new Promise((resolve) => this.#connection.on("Move", resolve));
    this.#connection.on("Renew", () => calls.renewAsked());
  }

  /** When something came in for the last time, be it only a ping: milliseconds since 1970. */
  get lastSignAt(): number {
    return this.#lastSignAt;
  }

  /** Aborts when it is closed, by either side, or given up. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Resolves when it is open. If it fails, nothing of it is left open. */
  async open(ms: number): Promise<void> {
    const end = () => this.attempt.end(new StoppedError());
    this.#stop.addEventListener("abort", end);
    try {
      await withTimeout(() => this.#connection.start(), ms, this.#clock, this.attempt.signal);
      if (this.#mode !== "webSockets" && this.#connection.connectionId === null) {
        // The stock client does not report a stream that ends between the handshake and the first ping; only its id is gone.
        throw new ConnectionError("The connection closed while it was being opened.");
      }
    } catch (error) {
      const failure = this.#end ?? this.attempt.failure ?? toPushError(error);
      this.attempt.end(failure);
      throw failure;
    } finally {
      this.#stop.removeEventListener("abort", end);
    }

    this.#order.opened(this.#mode);
  }

  async resume(request: ResumeRequest): Promise<ResumeAnswer> {
    try {
      return await withTimeout(() => this.#ask(request), answerTimeoutMs, this.#clock, this.#stop);
    } catch (error) {
      if (!this.#hasAnswered && !this.#stop.aborted) {
        this.#order.wentSilent(this.#mode);
      }

      throw this.#end ?? error;
    }
  }

  /** Has the hub let it stay by a new token, and returns for how long then, in seconds. Rejects as {@link resume} does. */
  async renew(token: string): Promise<number | undefined> {
    return lifetimeIn(await withTimeout(() => invokeRenew(this.#connection, token), answerTimeoutMs, this.#clock, this.over));
  }

  join(group: string): Promise<unknown> {
    return this.#callGroup("Join", group);
  }

  leave(group: string): Promise<unknown> {
    return this.#callGroup("Leave", group);
  }

  tellHandled(device: string, addresses: Readonly<Record<string, HandledAddress>>): Promise<void> {
    return this.#connection.send("Handled", { device, addresses });
  }

  async close(): Promise<void> {
    this.#over.abort();
    await withTimeout(() => this.#connection.stop(), closeTimeoutMs, this.#clock, this.attempt.signal).catch(() => {});
    this.attempt.end();
  }

  abandon(): void {
    this.attempt.end();
  }

  async #callGroup(method: "Join" | "Leave", group: string): Promise<unknown> {
    const call = () => invokeGroup(this.#connection, method, group);
    return await withTimeout(call, answerTimeoutMs, this.#clock, this.over).catch((error: unknown) => {
      throw this.#end ?? error;
    });
  }

  async #ask(request: ResumeRequest): Promise<ResumeAnswer> {
    const unreadable = new Promise<never>((_, reject) => (this.#failCall = reject));
    const answer = await Promise.race([invokeResume(this.#connection, request), unreadable]).finally(() => (this.#hasAnswered = true));
    this.#answered();
    return answer;
  }

  /** An answer of the hub, or the heads that it was asked for, shows that this mode works in both directions. */
  #answered(): void {
    this.#hasAnswered = true;
    this.#order.answered(this.#mode);
  }
}
