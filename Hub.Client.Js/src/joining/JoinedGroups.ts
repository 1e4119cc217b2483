import type { Clock } from "../Clock.js";
import type { ReconnectPolicy } from "../connecting/ReconnectPolicy.js";
import { GroupError } from "../errors/GroupError.js";
import type { PushError } from "../errors/PushError.js";
import { toPushError } from "../errors/toPushError.js";
import type { Cursors } from "../resuming/Cursors.js";
import type { GroupCalls } from "./GroupCalls.js";
import { Intent } from "./Intent.js";
import { Membership } from "./Membership.js";

/** The hub carries out the calls of a connection one after the other, and each is to be answered in time. */
const mostAtOnce = 5;

/**
 * The groups that the application wants the client to be in, by address. The newest connection joins and leaves until it is in just these:
 * of what is said of one group, the last counts. The cursors there are kept from one connection to the next.
 */
export class JoinedGroups {
  readonly #cursors: Cursors;
  readonly #retry: ReconnectPolicy;
  readonly #clock: Clock;
  readonly #onRefusal: (error: GroupError) => void;
  readonly #intents = new Map<string, Intent>();

  /** Of the newest connection, while it is open. */
  #membership: Membership | undefined;

  /** @param onRefusal Is told of a group that the client was in, and may not join again. */
  constructor(cursors: Cursors, retry: ReconnectPolicy, clock: Clock, onRefusal: (error: GroupError) => void) {
    [this.#cursors, this.#retry, this.#clock, this.#onRefusal] = [cursors, retry, clock, onRefusal];
  }

  /** See {@link PushClient.join}. */
  join(group: string, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) {
      return Promise.reject(leftBefore(group, signal));
    }

    const intent = this.#intend(group, true);
    intent.until(signal, () => {
      this.#pursue(this.#intend(group, false, signal).address);
    });
    return this.#waitFor(intent);
  }

  /** See {@link PushClient.leave}. */
  leave(group: string): Promise<void> {
    return this.#waitFor(this.#intend(group, false));
  }

  /**
   * From now on it is this connection that is to be in the groups. Returns when it is. Rejects if that fails in a way that may go well
   * later.
   */
  async follow(calls: GroupCalls): Promise<void> {
    const membership = new Membership(calls);
    this.#replace(membership);
    calls.over.addEventListener("abort", () => membership === this.#membership && this.#replace(undefined));
    const failure = await this.#ask(membership);
    if (failure) {
      throw failure;
    }
  }

  /** The connection goes on by another token, which may allow less. */
  renewed(calls: GroupCalls): void {
    if (this.#membership?.calls === calls) {
      this.#membership.expire();
      this.#wake();
    }
  }

  /** The client stops: no group is wanted any more. */
  end(error: PushError): void {
    this.#intents.forEach((intent) => intent.cancel(error));
    this.#intents.clear();
    this.#cursors.wanted.clear();
    this.#membership = undefined;
  }

  #intend(group: string, isWanted: boolean, signal?: AbortSignal): Intent {
    const intent = new Intent(group, isWanted);
    const before = this.#intents.get(intent.address);
    if (before?.isWanted === isWanted) {
      return before;
    }

    this.#intents.set(intent.address, intent);
    this.#cursors.wanted[isWanted ? "add" : "delete"](intent.address);
    before?.cancel(leftBefore(group, signal));
    return intent;
  }

  #waitFor({ address, done }: Intent): Promise<void> {
    this.#pursue(address);
    return done;
  }

  #pursue(address: string): void {
    this.#settle(address);
    this.#wake();
  }

  #wake(): void {
    const membership = this.#membership;
    if (membership && !membership.isAsking) {
      void this.#askAgain(membership);
    }
  }

  #replace(membership: Membership | undefined): void {
    this.#membership = membership;
    [...this.#intents.keys()].forEach((address) => this.#settle(address));
  }

  /** Ends an intent that has come to pass. Without a connection, the client is in no group. */
  #settle(address: string): void {
    const intent = this.#intents.get(address);
    if (intent && (this.#membership?.is(intent.isWanted, address) ?? !intent.isWanted)) {
      intent.complete();
      if (!intent.isWanted) {
        this.#intents.delete(address);
      }
    }
  }

  /** A failure that may go well later is followed by another try, as long as the connection is open. */
  async #askAgain(membership: Membership): Promise<void> {
    for (let failures = 0; await this.#ask(membership); failures++) {
      await this.#clock.wait(this.#retry.delayMs(failures), membership.calls.over);
    }
  }

  /** Asks the hub until nothing differs, or another connection has taken over. Returns the failure that has ended it before. */
  async #ask(membership: Membership): Promise<PushError | undefined> {
    membership.isAsking = true;
    for (let due = this.#dueOn(membership); due.length > 0; due = this.#dueOn(membership)) {
      const now = this.#clock.now();
      const allowed = due.slice(0, membership.rate.take(Math.min(due.length, mostAtOnce), now));
      if (allowed.length === 0) {
        await this.#clock.wait(membership.rate.until - now, membership.calls.over);
      }

      const outcomes = await Promise.all(allowed.map((intent) => this.#call(membership, intent)));
      const failure = outcomes.find((outcome) => outcome !== undefined);
      if (failure) {
        return failure;
      }
    }

    membership.isAsking = false;
    return undefined;
  }

  #dueOn(membership: Membership): Intent[] {
    const intents = membership === this.#membership ? [...this.#intents.values()] : [];
    return intents.filter(({ address, isWanted }) => !membership.is(isWanted, address));
  }

  async #call(membership: Membership, intent: Intent): Promise<PushError | undefined> {
    const { address, group, isWanted } = intent;
    membership.ask(address);
    try {
      await (isWanted ? membership.calls.join(group) : membership.calls.leave(group));
      membership.answered(isWanted, address);
    } catch (error) {
      if (!(error instanceof GroupError)) {
        return toPushError(error);
      }

      membership.answered(false, address);
      this.#refuse(membership, intent, error);
    }

    this.#settle(address);
    return undefined;
  }

  /** What was said meanwhile, or is asked for on another connection, is not what was refused. */
  #refuse(membership: Membership, intent: Intent, error: GroupError): void {
    if (membership === this.#membership && intent === this.#intents.get(intent.address)) {
      this.#intents.delete(intent.address);
      this.#cursors.wanted.delete(intent.address);
      if (!intent.refuse(error)) {
        this.#onRefusal(error);
      }
    }
  }
}

function leftBefore(group: string, signal?: AbortSignal): GroupError {
  return new GroupError("left", group, "It was left before the client had joined it.", { cause: signal?.reason });
}
