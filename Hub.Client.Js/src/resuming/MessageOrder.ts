/**
 * Where a message stands in its log: it is the `next`, it is `known` because it was handled before, or it is `early` because something
 * before it is missing.
 */
export type MessageOrder = "next" | "known" | "early";
