import { PushError } from "./PushError.js";

/** The hub answered, and said no. The client tries again with a fresh token. */
export class RefusedError extends PushError {
  override readonly name = "RefusedError";

  /** The HTTP status of the answer, such as 401. */
  readonly status: number;

  /** The hub's reason: `token_spent`, `token_unknown`, `origin_refused`, `store_unavailable` and others. */
  readonly code: string;

  constructor(status: number, code: string, detail?: string) {
    super(`The hub refused the connection with ${status} ${code}.${detail ? ` ${detail}` : ""}`);
    this.status = status;
    this.code = code;
  }
}
