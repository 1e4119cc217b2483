import type { ConnectionListener } from "../ConnectionListener.js";
import { toPushError } from "../errors/toPushError.js";
import type { PushError } from "../errors/PushError.js";
import type { OpenConnection } from "../OpenConnection.js";
import { UnreadableError } from "../errors/UnreadableError.js";
import { cursorsIn } from "./cursorsIn.js";
import type { LogReader } from "./LogReader.js";

/** Asks the hub, on one connection, for what its reader has missed: first of all, and whenever it falls behind. One call at a time. */
export class Resumption implements ConnectionListener {
  readonly #reader: LogReader;
  #connection: OpenConnection | undefined;
  #isAsking = false;
  #failure: PushError | undefined;

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  /** Why this closed the connection, if it did. */
  get failure(): PushError | undefined {
    return this.#failure;
  }

  /** Returns when what was missed before this connection has been handled. */
  async begin(connection: OpenConnection): Promise<void> {
    while (this.#reader.isBeginning) {
      await this.#ask(connection);
    }

    this.#connection = connection;
    void this.#catchUp();
  }

  offered(cursors: Readonly<Record<string, string>>): void {
    this.#reader.offer(cursors);
  }

  received(message: unknown): void {
    this.#reader.receive(message);
    void this.#catchUp();
  }

  headsTold(heads: unknown): void {
    if (typeof heads === "object" && heads !== null) {
      Object.entries(cursorsIn(heads)).forEach(([address, head]) => this.#reader.compare(address, head));
      void this.#catchUp();
    } else {
      this.unreadable(undefined);
    }
  }

  unreadable(cause: unknown): void {
    this.#reader.pass(cause);
  }

  async #catchUp(): Promise<void> {
    if (!this.#connection || this.#isAsking) {
      return;
    }

    this.#isAsking = true;
    try {
      while (this.#reader.isBehind) {
        await this.#ask(this.#connection);
      }
    } catch (error) {
      this.#giveUp(this.#connection, toPushError(error));
    }

    this.#isAsking = false;
  }

  async #ask(connection: OpenConnection): Promise<void> {
    try {
      this.#reader.take(await connection.resume(this.#reader.nextRequest()));
    } catch (error) {
      if (!(error instanceof UnreadableError && this.#reader.skip())) {
        throw error;
      }
    }
  }

  /** Nothing else would close the gap: the next connection begins by resuming. */
  #giveUp(connection: OpenConnection, failure: PushError): void {
    this.#failure = failure;
    this.#connection = undefined;
    void connection.close();
  }
}
