import type { ConnectionListener } from "../connecting/ConnectionListener.js";
import { toPushError } from "../errors/toPushError.js";
import type { PushError } from "../errors/PushError.js";
import type { OpenConnection } from "../connecting/OpenConnection.js";
import { ConnectionError } from "../errors/ConnectionError.js";
import { UnreadableError } from "../errors/UnreadableError.js";
import type { GroupCalls } from "../joining/GroupCalls.js";
import type { JoinedGroups } from "../joining/JoinedGroups.js";
import type { LogReaders } from "./LogReaders.js";

/**
 * Asks the hub, on one connection, for what its reader has missed: first of all, and whenever it falls behind. One call at a time. Of two
 * connections one reads the logs: the newer takes over as soon as it knows where to begin, and what the older still brings of them is in
 * what the newer asks for.
 */
export class Resumer implements ConnectionListener {
  readonly #readers: LogReaders;
  readonly #groups: JoinedGroups;
  #before: Resumer | undefined;
  #connection: OpenConnection | undefined;
  #calls: GroupCalls | undefined;
  #isCalling = false;
  #hasYielded = false;
  #failure: PushError | undefined;

  /** @param before Reads the logs until this one takes over. */
  constructor(readers: LogReaders, groups: JoinedGroups, before?: Resumer) {
    [this.#readers, this.#groups, this.#before] = [readers, groups, before];
  }

  /** Why this closed the connection, if it did. */
  get failure(): PushError | undefined {
    return this.#failure;
  }

  /** Whether another one has taken over. */
  get hasYielded(): boolean {
    return this.#hasYielded;
  }

  /** Returns when the connection is in the client's groups, and what was missed before it has been handled. */
  async begin(connection: OpenConnection): Promise<void> {
    this.#takeOver();
    while (this.#readers.isBeginning) {
      await this.#call(connection);
    }

    this.#calls = {
      over: connection.over,
      join: (group) => this.#join(connection, group),
      leave: (group) => this.#leave(connection, group),
    };
    await this.#groups.follow(this.#calls);
    while (this.#readers.isBehind) {
      await this.#call(connection);
    }

    this.#connection = connection;
    void this.#catchUp();
  }

  offered(cursors: Readonly<Record<string, string>>): void {
    this.#readers.adopt(cursors);
  }

  received(message: unknown): void {
    if (this.#hasYielded) {
      this.#readers.receiveTransient(message);
    } else {
      this.#readers.receive(message);
      void this.#catchUp();
    }
  }

  headsTold(heads: unknown): void {
    if (this.#hasYielded) {
      return;
    }

    if (typeof heads === "object" && heads !== null) {
      this.#takeOver();
      this.#readers.tellHeads(heads);
      void this.#catchUp();
    } else {
      this.unreadable(undefined);
    }
  }

  renewed(): void {
    if (this.#calls) {
      this.#groups.renewed(this.#calls);
    }
  }

  unreadable(cause: unknown): void {
    this.#readers.pass(cause);
  }

  /** Closes the connection, because nothing else would close the gap: the next connection begins by resuming. */
  giveUp(failure: PushError): void {
    this.#failure = failure;
    void this.#connection?.close();
    this.#connection = undefined;
  }

  #takeOver(): void {
    if (this.#before) {
      this.#before.#hasYielded = true;
      this.#before = undefined;
    }
  }

  /** If another connection reads the logs by now, it joins as well, and where the client stands is for that one to tell. */
  async #join(connection: OpenConnection, group: string): Promise<void> {
    const { head } = ((await connection.join(group)) ?? {}) as { readonly head?: unknown };
    this.headsTold({ [`group:${group}`]: head });
    if (this.#hasYielded) {
      throw new ConnectionError("Another connection has taken over.");
    }
  }

  async #leave(connection: OpenConnection, group: string): Promise<void> {
    const { hasLeft } = ((await connection.leave(group)) ?? {}) as { readonly hasLeft?: unknown };
    if (hasLeft === true && !this.#hasYielded) {
      this.#readers.leave(`group:${group}`);
    }
  }

  async #catchUp(): Promise<void> {
    if (!this.#connection || this.#isCalling) {
      return;
    }

    this.#isCalling = true;
    try {
      while (this.#readers.isBehind && !this.#hasYielded) {
        await this.#call(this.#connection);
      }
    } catch (error) {
      this.giveUp(toPushError(error));
    }

    this.#isCalling = false;
  }

  /** An answer that comes too late, when another one has taken over, would move cursors back. */
  async #call(connection: OpenConnection): Promise<void> {
    try {
      const answer = await connection.resume(this.#readers.beginCall());
      if (!this.#hasYielded) {
        this.#readers.take(answer);
      }
    } catch (error) {
      if (!this.#hasYielded && !(error instanceof UnreadableError && this.#readers.skip())) {
        throw error;
      }
    }
  }
}
