import type { ResumedAddress } from "./ResumedAddress.js";

/** Whether an answer about an address can be read, apart from its messages, which are checked one by one. */
export function isResumedAddress(value: unknown): value is ResumedAddress {
  const { recovered, cursor, messages } = (value ?? {}) as Record<string, unknown>;
  return typeof recovered === "boolean" && typeof cursor === "string" && Array.isArray(messages);
}
