import { PushError } from "../errors/PushError.js";
import { ConnectionError } from "../errors/ConnectionError.js";
import { toPushError } from "../errors/toPushError.js";
import { refusedHandshake } from "./refusedHandshake.js";

/**
 * One try to open one connection, and then that connection: whatever of it is open, a socket, a stream or a request, ends with its
 * signal. The stock client cannot do that: its `stop()` waits for the very start that hangs.
 */
export class Attempt {
  readonly #over = new AbortController();
  #failure: PushError | undefined;
  #hasNegotiated = false;
  #hasShakenHands = false;

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether the hub has answered to a negotiate. */
  get hasNegotiated(): boolean {
    return this.#hasNegotiated;
  }

  negotiated(): void {
    this.#hasNegotiated = true;
  }

  /** Why it fails, where that is known better than from the words of the stock client. */
  get failure(): PushError | undefined {
    return this.#failure;
  }

  /** Notes why it fails, and returns that to be thrown. */
  failed(failure: PushError): PushError {
    this.#failure ??= failure;
    return failure;
  }

  /** Ends it at once, without telling the hub. Only the first reason counts. */
  end(reason: PushError = new ConnectionError("The attempt to connect was given up.")): void {
    this.#over.abort(reason);
  }

  /**
   * Whether the stock client may see what came in. What answers its handshake with a refusal, or with something that is no answer, it
   * must not see: it would reject a promise that nobody may wait for yet, and in Node that ends the process.
   */
  admits(data: unknown): boolean {
    if (!this.#hasShakenHands) {
      this.#hasShakenHands = true;
      const refusal = refusedHandshake(data);
      if (refusal) {
        this.end(refusal);
      }
    }

    return !this.signal.aborted;
  }

  /** Lets the stock client know of an event. What it throws there has no owner, and so ends the attempt. */
  tell(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.end(toPushError(error));
    }
  }
}
