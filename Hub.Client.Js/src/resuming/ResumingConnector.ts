import type { Connector } from "../connecting/Connector.js";
import type { OpenConnection } from "../connecting/OpenConnection.js";
import type { ReconnectSecret } from "../connecting/ReconnectSecret.js";
import type { Cursors } from "./Cursors.js";
import { MessageDispatcher } from "../handling/MessageDispatcher.js";
import { LogReaders } from "./LogReaders.js";
import type { MessageListener } from "../handling/MessageListener.js";
import type { ResumeFrom } from "../ResumeFrom.js";
import { Resumer } from "./Resumer.js";

/** Opens connections that miss nothing: a connection counts as open when all messages from before it have been handled. */
export class ResumingConnector {
  readonly #connector: Connector;
  readonly #cursors: Cursors;
  readonly #from: ResumeFrom;
  readonly #listener: MessageListener;

  constructor(connector: Connector, cursors: Cursors, from: ResumeFrom, listener: MessageListener) {
    this.#connector = connector;
    this.#cursors = cursors;
    this.#from = from;
    this.#listener = listener;
  }

  /**
   * Makes one attempt.
   * @param attempt How many attempts were made since a connection last held.
   * @param secret What to come back with.
   */
  async connect(attempt: number, secret: ReconnectSecret, stop: AbortSignal): Promise<OpenConnection> {
    const dispatcher = new MessageDispatcher(this.#cursors, this.#listener, stop);
    const resumer = new Resumer(new LogReaders(this.#cursors, this.#from, dispatcher));
    const connection = await this.#connector.connect(attempt, secret, resumer, stop);
    try {
      await resumer.begin(connection);
    } catch (error) {
      connection.abandon();
      throw error;
    }

    return {
      closed: connection.closed.then((reason) => reason ?? resumer.failure),
      resume: (request) => connection.resume(request),
      close: () => connection.close(),
      abandon: () => connection.abandon(),
    };
  }
}
