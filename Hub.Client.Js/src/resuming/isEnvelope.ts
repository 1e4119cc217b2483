import type { Envelope } from "./Envelope.js";

/** Whether a received value has the fields that tell its place in a log. */
export function isEnvelope(value: unknown): value is Envelope {
  const { id, after, address } = (value ?? {}) as Record<string, unknown>;
  return typeof id === "string" && (after === undefined || typeof after === "string") && typeof address === "string";
}
