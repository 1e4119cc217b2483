import { isAddress } from "./isAddress.js";
import { isCursor } from "./isCursor.js";

/** The cursors by address in a value from outside. Anything else in it is left out. */
export function cursorsIn(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([address, cursor]) => isAddress(address) && isCursor(cursor)));
}
