import type { ResumeFrom } from "../ResumeFrom.js";

/** The argument of the hub method `Resume`. */
export interface ResumeRequest {
  /** By address, the client's cursor. */
  readonly cursors: Readonly<Record<string, string>>;

  /** Where to begin at the connection's other addresses; without it they are left out of the answer. */
  readonly from?: ResumeFrom;
}
