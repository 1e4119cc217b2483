import type { ResumeAnswer } from "../resuming/ResumeAnswer.js";
import type { ResumeRequest } from "../resuming/ResumeRequest.js";

/** An open connection. */
export interface OpenConnection {
  /** Resolves when it is over, with the reason if there was one. */
  readonly closed: Promise<Error | undefined>;

  /** Resolves when the hub has asked to go on with another connection, since its node stops. */
  readonly moveAsked: Promise<void>;

  /** Asks the hub what was missed. Rejects if it refuses, if the answer takes too long, or if the client is stopped. */
  resume(request: ResumeRequest): Promise<ResumeAnswer>;

  /** Closes it with the closing handshake, for which the hub has two seconds. Never rejects. */
  close(): Promise<void>;

  /** Ends it at once, without telling the hub. */
  abandon(): void;
}
