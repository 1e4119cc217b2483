import type { HandledAddress } from "../receipts/HandledAddress.js";
import type { ResumeAnswer } from "../resuming/ResumeAnswer.js";
import type { ResumeRequest } from "../resuming/ResumeRequest.js";
import type { StandingConnection } from "./StandingConnection.js";

/** An open connection. */
export interface OpenConnection extends StandingConnection {
  /** Aborts when it is closed, by either side, or given up. */
  readonly over: AbortSignal;

  /** Asks the hub what was missed. Rejects if it refuses, if the answer takes too long, or if the client is stopped. */
  resume(request: ResumeRequest): Promise<ResumeAnswer>;

  /** Has the hub put it into a group, and returns the answer. Rejects with a {@link GroupError} if the hub says no, or as `resume` does. */
  join(group: string): Promise<unknown>;

  /** Has the hub take it out of a group. Ends as `join` does. */
  leave(group: string): Promise<unknown>;

  /** Tells the hub how far the handlers of this device have come. Does not wait for an answer: there is none. */
  tellHandled(device: string, addresses: Readonly<Record<string, HandledAddress>>): Promise<void>;

  /** Ends it at once, without telling the hub. */
  abandon(): void;
}
