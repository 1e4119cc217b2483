import type { Envelope } from "./Envelope.js";

/** Whether it can be told where something that came in as a message belongs. */
export function isEnvelope(value: unknown): value is Envelope {
  const { id, after, address } = (value ?? {}) as Record<string, unknown>;
  return typeof id === "string" && (after === undefined || typeof after === "string") && typeof address === "string";
}
