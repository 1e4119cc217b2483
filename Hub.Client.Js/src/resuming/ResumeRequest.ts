import type { ResumeFrom } from "../ResumeFrom.js";

/** What the hub method `Resume` is asked. */
export interface ResumeRequest {
  /** By address, the client's cursor. */
  readonly cursors: Readonly<Record<string, string>>;

  /** Where to begin at the connection's other addresses; without it they are not asked about. */
  readonly from?: ResumeFrom;
}
