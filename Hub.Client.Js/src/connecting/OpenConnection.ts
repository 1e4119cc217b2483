import type { ResumeAnswer } from "../resuming/ResumeAnswer.js";
import type { ResumeRequest } from "../resuming/ResumeRequest.js";

/** A connection that stands. */
export interface OpenConnection {
  /** Resolves when it is over, with the reason if there was one. */
  readonly closed: Promise<Error | undefined>;

  /** Asks the hub what was missed. Rejects if it refuses, if the answer takes too long, or if the client is stopped. */
  resume(request: ResumeRequest): Promise<ResumeAnswer>;

  /** Closes it as the protocol wants, which the hub has two seconds to answer. Never rejects. */
  close(): Promise<void>;

  /** Ends it at once, without telling the hub. */
  abandon(): void;
}
