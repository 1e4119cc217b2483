import { ConnectionError } from "./ConnectionError.js";
import type { PushError } from "./PushError.js";
import { RefusedError } from "./RefusedError.js";

/**
 * The way does not suit, and the hub would say otherwise on another: what lies between lets no upgrade through, or brings the requests of a
 * negotiated connection to different nodes.
 */
const refusalsOfTransport: readonly string[] = ["connection_missing", "connection_unknown"];

/**
 * Of the failures of one attempt, in their order, that which helps most: a refusal of the client before one that another transport would
 * not meet, both before what failed without an answer of the hub, and of several alike the last, because it is how things stand.
 */
export function mostTelling(failures: readonly PushError[]): PushError {
  const refusals = failures.filter((failure) => failure instanceof RefusedError);
  const refusalsOfClient = refusals.filter(({ code }) => !refusalsOfTransport.includes(code));
  return refusalsOfClient.at(-1) ?? refusals.at(-1) ?? failures.at(-1) ?? new ConnectionError("No way to the hub was tried.");
}
