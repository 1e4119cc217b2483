import type { ConnectionListener } from "../connecting/ConnectionListener.js";
import { toPushError } from "../errors/toPushError.js";
import type { PushError } from "../errors/PushError.js";
import type { OpenConnection } from "../connecting/OpenConnection.js";
import { UnreadableError } from "../errors/UnreadableError.js";
import type { LogReaders } from "./LogReaders.js";

/** Asks the hub, on one connection, for what its reader has missed: first of all, and whenever it falls behind. One call at a time. */
export class Resumer implements ConnectionListener {
  readonly #readers: LogReaders;
  #connection: OpenConnection | undefined;
  #isCalling = false;
  #failure: PushError | undefined;

  constructor(readers: LogReaders) {
    this.#readers = readers;
  }

  /** Why this closed the connection, if it did. */
  get failure(): PushError | undefined {
    return this.#failure;
  }

  /** Returns when what was missed before this connection has been handled. */
  async begin(connection: OpenConnection): Promise<void> {
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
    this.#readers.receive(message);
    void this.#catchUp();
  }

  headsTold(heads: unknown): void {
    if (typeof heads === "object" && heads !== null) {
      this.#readers.tellHeads(heads);
      void this.#catchUp();
    } else {
      this.unreadable(undefined);
    }
  }

  unreadable(cause: unknown): void {
    this.#readers.pass(cause);
  }

  async #catchUp(): Promise<void> {
    if (!this.#connection || this.#isCalling) {
      return;
    }

    this.#isCalling = true;
    try {
      while (this.#readers.isBehind) {
        await this.#call(this.#connection);
      }
    } catch (error) {
      this.#giveUp(this.#connection, toPushError(error));
    }

    this.#isCalling = false;
  }

  async #call(connection: OpenConnection): Promise<void> {
    try {
      this.#readers.take(await connection.resume(this.#readers.beginCall()));
    } catch (error) {
      if (!(error instanceof UnreadableError && this.#readers.skip())) {
        throw error;
      }
    }
  }

  /** Closes the connection, because nothing else would close the gap: the next connection begins by resuming. */
  #giveUp(connection: OpenConnection, failure: PushError): void {
    this.#failure = failure;
    this.#connection = undefined;
    void connection.close();
  }
}
