import { ConnectionError } from "./ConnectionError.js";
import type { PushError } from "./PushError.js";
import { RefusedError } from "./RefusedError.js";

/**
 * Refusals that another mode may not get: a proxy lets no upgrade through, or sends the requests of a negotiated connection to different
 * nodes.
 */
const refusalsOfTransport: readonly string[] = ["connection_missing", "connection_unknown"];

/**
 * The most helpful of the failures of one attempt, which are given in order. A refusal of the client comes first, then a refusal that
 * another mode may not get, then failures without an answer of the hub. Of several of one kind it is the last, since that is the current
 * state.
 */
export function mostTelling(failures: readonly PushError[]): PushError {
  const refusals = failures.filter((failure) => failure instanceof RefusedError);
  const refusalsOfClient = refusals.filter(({ code }) => !refusalsOfTransport.includes(code));
  return refusalsOfClient.at(-1) ?? refusals.at(-1) ?? failures.at(-1) ?? new ConnectionError("No way to the hub was tried.");
}
