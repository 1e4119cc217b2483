import type { ResumedAddress } from "./ResumedAddress.js";

/** The answer of the hub method `Resume`. */
export interface ResumeAnswer {
  readonly addresses: Readonly<Record<string, ResumedAddress>>;

  /** The requested addresses that are not the connection's own. */
  readonly refused: readonly string[];

  /** The page ends before the logs do: ask again from the new cursors. */
  readonly more: boolean;
}
