import type { Receipts } from "../receipts/Receipts.js";
import { UnreadableError } from "../errors/UnreadableError.js";
import type { Cursors } from "../resuming/Cursors.js";
import type { Envelope } from "../resuming/Envelope.js";
import { isEnvelope } from "../resuming/isEnvelope.js";
import { isMessage } from "../resuming/isMessage.js";
import type { TransientIds } from "../resuming/TransientIds.js";
import type { MessageListener } from "./MessageListener.js";

/** Hands messages to the listener and moves the cursors with them. Does neither once the client is stopped. */
export class MessageDispatcher {
  readonly #cursors: Cursors;
  readonly #receipts: Receipts;
  readonly #listener: MessageListener;
  readonly #transients: TransientIds;
  readonly #stop: AbortSignal;

  constructor(cursors: Cursors, receipts: Receipts, transients: TransientIds, listener: MessageListener, stop: AbortSignal) {
    this.#cursors = cursors;
    this.#receipts = receipts;
    this.#transients = transients;
    this.#listener = listener;
    this.#stop = stop;
  }

  /**
   * A message that was handed over counts as handled, even if a handler threw or stopped the client. A message that cannot be read is a
   * loss, and the cursor still passes it: the next time it could not be read either.
   */
  message(address: string, message: unknown): void {
    if (!this.#stop.aborted) {
      const handled = this.#tell(address, message);
      if (isEnvelope(message)) {
        void this.#receipts.add(message, handled);
        this.#cursors.move(address, message.id);
      }
    }
  }

  /** It is in no log, so no cursor can move to it. */
  transient(message: Envelope): void {
    if (!this.#stop.aborted && this.#transients.add(message.address, message.id)) {
      void this.#tell(message.address, message);
    }
  }

  loss(address: string): void {
    if (!this.#stop.aborted) {
      this.#listener.lost({ address });
    }
  }

  unreadable(cause?: unknown): void {
    if (!this.#stop.aborted) {
      this.#listener.unreadable(new UnreadableError(cause));
    }
  }

  cursor(address: string, id: string): void {
    if (!this.#stop.aborted) {
      this.#cursors.move(address, id);
    }
  }

  /** The address is not the connection's own. */
  refusal(address: string): void {
    if (!this.#stop.aborted) {
      this.#cursors.refuse(address);
    }
  }

  /** What the hub tells of the address cannot be read: the client begins anew there. */
  skip(address: string): void {
    if (!this.#stop.aborted) {
      this.#listener.lost({ address });
      this.#cursors.forget(address);
    }
  }

  /** Every address of the connection has been answered. */
  end(): void {
    if (!this.#stop.aborted) {
      this.#cursors.forgetLost();
    }
  }

  async #tell(address: string, message: unknown): Promise<boolean> {
    if (isMessage(message) && message.address === address) {
      return this.#listener.received(message);
    }

    this.#listener.lost({ address });
    return false;
  }
}
