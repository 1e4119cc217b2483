import type { Connector } from "../Connector.js";
import type { OpenConnection } from "../OpenConnection.js";
import type { Cursors } from "./Cursors.js";
import { Handover } from "./Handover.js";
import { LogReader } from "./LogReader.js";
import type { MessageListener } from "./MessageListener.js";
import type { ResumeFrom } from "./ResumeFrom.js";
import { Resumption } from "./Resumption.js";

/** Opens connections that miss nothing: one counts as open when everything from before it has been handled. */
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
   */
  async connect(attempt: number, stop: AbortSignal): Promise<OpenConnection> {
    const handover = new Handover(this.#cursors, this.#listener, stop);
    const resumption = new Resumption(new LogReader(this.#cursors, this.#from, handover));
    const connection = await this.#connector.connect(attempt, resumption, stop);
    try {
      await resumption.begin(connection);
    } catch (error) {
      connection.abandon();
      throw error;
    }

    return {
      closed: connection.closed.then((reason) => reason ?? resumption.failure),
      resume: (request) => connection.resume(request),
      close: () => connection.close(),
      abandon: () => connection.abandon(),
    };
  }
}
