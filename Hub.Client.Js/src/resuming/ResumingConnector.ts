import type { Connector } from "../connecting/Connector.js";
import type { OpenConnection } from "../connecting/OpenConnection.js";
import type { StandingConnection } from "../connecting/StandingConnection.js";
import type { JoinedGroups } from "../joining/JoinedGroups.js";
import type { ReconnectSecret } from "../connecting/ReconnectSecret.js";
import type { Cursors } from "./Cursors.js";
import { MessageDispatcher } from "../handling/MessageDispatcher.js";
import { toPushError } from "../errors/toPushError.js";
import { LogReaders } from "./LogReaders.js";
import type { MessageListener } from "../handling/MessageListener.js";
import type { ResumeFrom } from "../ResumeFrom.js";
import { TransientIds } from "./TransientIds.js";
import type { Receipts } from "../receipts/Receipts.js";
import { Resumer } from "./Resumer.js";

/**
 * Opens connections that miss nothing: a connection counts as open when it is in the client's groups, and all messages from before it have
 * been handled.
 */
export class ResumingConnector {
  readonly #connector: Connector;
  readonly #cursors: Cursors;
  readonly #groups: JoinedGroups;
  readonly #receipts: Receipts;
  readonly #from: ResumeFrom;
  readonly #listener: MessageListener;
  readonly #transients = new TransientIds();

  /** Of the newest open connection. */
  #resumer: Resumer | undefined;

  constructor(
    connector: Connector,
    cursors: Cursors,
    groups: JoinedGroups,
    receipts: Receipts,
    from: ResumeFrom,
    listener: MessageListener,
  ) {
    [this.#connector, this.#cursors, this.#groups] = [connector, cursors, groups];
    [this.#receipts, this.#from, this.#listener] = [receipts, from, listener];
  }

  /**
   * Makes one attempt.
   * @param attempt How many attempts were made since a connection last held.
   * @param secret What to come back with.
   */
  connect(attempt: number, secret: ReconnectSecret, stop: AbortSignal): Promise<StandingConnection> {
    return this.#begin((resumer) => this.#connector.connect(attempt, secret, resumer, stop), stop);
  }

  /**
   * Makes one attempt to open a connection beside the one that is open, with nothing but the secret of that. If the new one fails when it
   * has taken over, the old one is closed as well: the hub has forgotten it by then.
   */
  async move(secret: ReconnectSecret, stop: AbortSignal): Promise<StandingConnection> {
    const before = this.#resumer;
    try {
      return await this.#begin((resumer) => this.#connector.move(secret, resumer, stop), stop);
    } catch (error) {
      if (before?.hasYielded) {
        before.giveUp(toPushError(error));
      }

      throw error;
    }
  }

  async #begin(open: (resumer: Resumer) => Promise<OpenConnection>, stop: AbortSignal): Promise<StandingConnection> {
    const dispatcher = new MessageDispatcher(this.#cursors, this.#receipts, this.#transients, this.#listener, stop);
    const resumer = new Resumer(new LogReaders(this.#cursors, this.#from, dispatcher), this.#groups, this.#resumer);
    const connection = await open(resumer);
    try {
      await resumer.begin(connection);
    } catch (error) {
      connection.abandon();
      throw error;
    }

    void this.#receipts.tellOn(connection.over, (device, addresses) => connection.tellHandled(device, addresses));
    this.#resumer = resumer;
    return {
      closed: connection.closed.then((reason) => reason ?? resumer.failure),
      moveAsked: connection.moveAsked,
      close: () => connection.close(),
    };
  }
}
