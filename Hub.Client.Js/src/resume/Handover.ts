import type { PushMessage } from "../PushMessage.js";
import type { Cursors } from "./Cursors.js";
import type { MessageListener } from "./MessageListener.js";

/** Hands over what is to be handled and moves the cursors with it. Does neither from the moment that the client is stopped. */
export class Handover {
  readonly #cursors: Cursors;
  readonly #listener: MessageListener;
  readonly #stop: AbortSignal;

  constructor(cursors: Cursors, listener: MessageListener, stop: AbortSignal) {
    this.#cursors = cursors;
    this.#listener = listener;
    this.#stop = stop;
  }

  /** What was handed over counts as handled, even if a handler has thrown, or has stopped the client. */
  message(message: PushMessage): void {
    if (!this.#stop.aborted) {
      this.#listener.received(message);
      this.#cursors.move(message.address, message.id);
    }
  }

  /** Stands in no log, so no cursor can move to it. */
  transient(message: PushMessage): void {
    if (!this.#stop.aborted) {
      this.#listener.received(message);
    }
  }

  loss(address: string): void {
    if (!this.#stop.aborted) {
      this.#listener.lost({ address });
    }
  }

  cursor(address: string, id: string): void {
    if (!this.#stop.aborted) {
      this.#cursors.move(address, id);
    }
  }

  refusal(address: string): void {
    if (!this.#stop.aborted) {
      this.#cursors.forget(address);
    }
  }

  /** Every address of the connection has been answered. */
  end(): void {
    if (!this.#stop.aborted) {
      this.#cursors.settle();
    }
  }
}
