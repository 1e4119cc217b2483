import type { ConnectionListener } from "../connecting/ConnectionListener.js";
import { toPushError } from "../errors/toPushError.js";
import type { PushError } from "../errors/PushError.js";
import type { OpenConnection } from "../connecting/OpenConnection.js";
import { UnreadableError } from "../errors/UnreadableError.js";
import type { LogReaders } from "./LogReaders.js";

/**
 * Asks the hub, on one connection, for what its reader has missed: first of all, and whenever it falls behind. One call at a time. Of two
 * connections one reads the logs: the newer takes over as soon as it knows where to begin, and what the older still brings of them is in
 * what the newer asks for.
 */
export class Resumer implements ConnectionListener {
  readonly #readers: LogReaders;
  #before: Resumer | undefined;
  #connection: OpenConnection | undefined;
  #isCalling = false;
  #hasYielded = false;
  #failure: PushError | undefined;

  /** @param before Reads the logs until this one takes over. */
  constructor(readers: LogReaders, before?: Resumer) {
    this.#readers = readers;
    this.#before = before;
  }

  /** Why this closed the connection, if it did. */
  get failure(): PushError | undefined {
    return this.#failure;
  }

  /** Whether another one has taken over. */
  get hasYielded(): boolean {
    return this.#hasYielded;
  }

  /** Returns when what was missed before this connection has been handled. */
  async begin(connection: OpenConnection): Promise<void> {
    this.#takeOver();
    while (this.#readers.isBeginning) {
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
