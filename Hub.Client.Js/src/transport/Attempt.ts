import { PushError } from "../errors/PushError.js";
import { ConnectionError } from "../errors/ConnectionError.js";
import { toPushError } from "../errors/toPushError.js";
import { refusedHandshake } from "./refusedHandshake.js";

/**
 * One attempt to open one connection, and then that connection. When its signal aborts, everything of it ends: sockets, streams and
 * requests. The stock client cannot do that: its `stop()` waits for a start that hangs.
 */
export class Attempt {
  readonly #over = new AbortController();
  #failure: PushError | undefined;
  #hasNegotiated = false;
  #isLetIn = false;
  #answer: number | undefined;
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
    this.#isLetIn = true;
  }

  /** Whether the hub has taken its token. */
  get isLetIn(): boolean {
    return this.#isLetIn;
  }

  /** Its WebSocket has opened. */
  letIn(): void {
    this.#isLetIn = true;
  }

  /** The HTTP status that it was last answered with; undefined if there was no answer, or none that this platform shows. */
  get answer(): number | undefined {
    return this.#answer;
  }

  answered(status: number | undefined): void {
    this.#answer = status ?? this.#answer;
  }

  /** Why it fails, if more is known than the stock client tells. */
  get failure(): PushError | undefined {
    return this.#failure;
  }

  /** Notes why it fails, and returns the error for the caller to throw. */
  failed(failure: PushError): PushError {
    this.#failure ??= failure;
    return failure;
  }

  /** Ends it at once, without telling the hub. Only the first reason counts. */
  end(reason: PushError = new ConnectionError("The attempt to connect was given up.")): void {
    this.#over.abort(reason);
  }

  /**
   * Whether the stock client may see what came in. It must not see an answer to its handshake that is a refusal, or is no answer at all: it
   * would reject a promise that perhaps nobody waits for yet, and in Node that ends the process.
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

  /** Passes an event to the stock client. No caller catches what it throws there, so that ends the attempt. */
  tell(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.end(toPushError(error));
    }
  }
}
