/**
 * Where a client begins at an address at which it has no cursor. `head` is the end of the log: it gets what is published from then on.
 * `retained` is the beginning: it gets everything that the hub keeps, by default at most 1,000 messages of the last seven days.
 */
export type ResumeFrom = "head" | "retained";
