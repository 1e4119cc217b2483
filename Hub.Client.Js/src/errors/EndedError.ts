import type { ConnectionEnd } from "../ConnectionEnd.js";
import { PushError } from "./PushError.js";

/** The hub has ended an open connection and said why. The client connects again if it may come back, and stops otherwise. */
export class EndedError extends PushError implements ConnectionEnd {
  override readonly name = "EndedError";

  /** The hub's reason: `node_stopping`, `token_expired` or another of docs/protocol.md. */
  readonly code: string;

  /** The hub's sentence about it. */
  readonly reason: string;

  /** Whether the client connects again by itself. */
  readonly mayComeBack: boolean;

  constructor({ code, reason, mayComeBack }: ConnectionEnd) {
    super(`The hub ended the connection with ${code}: ${reason}`);
    [this.code, this.reason, this.mayComeBack] = [code, reason, mayComeBack];
  }
}
