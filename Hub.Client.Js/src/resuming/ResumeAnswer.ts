import type { ResumedAddress } from "./ResumedAddress.js";

/** What the hub method `Resume` answers. */
export interface ResumeAnswer {
  readonly addresses: Readonly<Record<string, ResumedAddress>>;

  /** Those asked about that are none of the connection's own. */
  readonly refused: readonly string[];

  /** The page ends before the logs do: ask again from the new cursors. */
  readonly more: boolean;
}
