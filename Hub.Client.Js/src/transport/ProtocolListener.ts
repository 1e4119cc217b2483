import type { CloseMessage } from "@microsoft/signalr";

/** Is told what the stock client keeps to itself. */
export interface ProtocolListener {
  /** Something has come in, be it only a ping. */
  received(): void;

  /** The hub ends the connection. */
  closing(message: CloseMessage): void;

  /** A record could not be read, and was skipped. `isAnswer` says whether it was to answer a call. */
  unreadable(cause: unknown, isAnswer: boolean): void;
}
