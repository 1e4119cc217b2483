import { PushError } from "./PushError.js";

/** The hub has ended an open connection and said why. The client connects again. */
export class EndedError extends PushError {
  override readonly name = "EndedError";

  /** The hub's reason: `node_stopping`, `token_expired` or another of docs/protocol.md. */
  readonly code: string;

  constructor(code: string, sentence: string, options?: { readonly cause: unknown }) {
    super(`The hub ended the connection with ${code}: ${sentence}`, options);
    this.code = code;
  }
}
