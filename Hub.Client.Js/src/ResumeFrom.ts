/**
 * Where a client begins at an address at which it has no cursor: `head` is the end of the log, so that it gets what is
 * published from then on; `retained` brings everything that the hub keeps, by default the last 1,000 messages of seven days.
 */
export type ResumeFrom = "head" | "retained";
