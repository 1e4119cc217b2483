import type { ResumeAnswer } from "./resume/ResumeAnswer.js";
import type { ResumeRequest } from "./resume/ResumeRequest.js";

/** A connection that stands. */
export interface OpenConnection {
  /** Resolves when it is over, with the reason if there was one. */
  readonly closed: Promise<Error | undefined>;

  /** Asks the hub what was missed. Rejects if it refuses, if the answer takes too long, or if the client is stopped. */
  resume(request: ResumeRequest): Promise<ResumeAnswer>;

  /** Says goodbye, which the hub has two seconds to take. Never rejects. */
  close(): Promise<void>;

  /** Ends it at once, without a goodbye. */
  abandon(): void;
}
