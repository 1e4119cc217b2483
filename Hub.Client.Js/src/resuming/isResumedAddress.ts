import type { ResumedAddress } from "./ResumedAddress.js";

/** Whether it can be told where a client stands after an answer about an address. Its messages are looked at one by one. */
export function isResumedAddress(value: unknown): value is ResumedAddress {
  const { recovered, cursor, messages } = (value ?? {}) as Record<string, unknown>;
  return typeof recovered === "boolean" && typeof cursor === "string" && Array.isArray(messages);
}
