import type { Attempt } from "./Attempt.js";
import { openSocket } from "./openSocket.js";

/** The status that refused the socket; ws says it, as text, and browsers do not. */
function statusIn(event: Event): number | undefined {
  const [, status] = ("message" in event && /^Unexpected server response: (\d{3})$/.exec(String(event.message))) || [];
  return status === undefined ? undefined : Number(status);
}

/** A WebSocket that ends with its attempt, also while it is being opened. Has only the members that the stock client uses. */
export class AttemptSocket {
  static readonly OPEN = 1;

  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { readonly wasClean: boolean; readonly code: number; readonly reason: string }) => void) | null = null;
  readonly #attempt: Attempt;
  readonly #socket: WebSocket;

  constructor(attempt: Attempt, url: string, headers: Readonly<Record<string, string>> = {}) {
    attempt.signal.throwIfAborted();
    this.#attempt = attempt;
    this.#socket = openSocket(url, headers);
    this.#socket.onopen = () => {
      attempt.letIn();
      attempt.tell(() => this.onopen?.());
    };
    this.#socket.onmessage = ({ data }) => attempt.tell(() => attempt.admits(data) && this.onmessage?.({ data }));
    this.#socket.onerror = (event) => {
      attempt.answered(statusIn(event));
      attempt.tell(() => this.onerror?.());
    };
    this.#socket.onclose = ({ wasClean, code, reason }) => this.#end(wasClean, code, reason);
    attempt.signal.addEventListener("abort", this.#abandon);
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(data: string): void {
    this.#socket.send(data);
  }

  /** Sends the close frame, and waits for the answer in the background. */
  close(): void {
    this.#attempt.signal.removeEventListener("abort", this.#abandon);
    this.#socket.close();
  }

  readonly #abandon = (): void => {
    if ("terminate" in this.#socket) {
      (this.#socket.terminate as () => void)();
    } else {
      this.#socket.close();
    }

    // A browser fires this event only when the peer has answered, or much later.
    this.#end(false, 1006, "");
  };

  #end(wasClean: boolean, code: number, reason: string): void {
    this.#attempt.signal.removeEventListener("abort", this.#abandon);
    this.#socket.onclose = null;
    this.#attempt.tell(() => this.onclose?.({ wasClean, code, reason }));
  }
}
