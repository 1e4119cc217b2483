import { ConnectionError } from "../errors/ConnectionError.js";
import { jsonIn } from "../jsonIn.js";

const recordSeparator = "\u001e";

/** The error if the first data on a connection does not accept the handshake; undefined if it does. */
export function refusedHandshake(data: unknown): ConnectionError | undefined {
  const end = typeof data === "string" ? data.indexOf(recordSeparator) : -1;
  const answer = end < 0 ? undefined : jsonIn((data as string).slice(0, end));
  if (typeof answer !== "object" || answer === null || "type" in answer) {
    return new ConnectionError("What answers there does not speak as a hub does.");
  }

  return "error" in answer ? new ConnectionError(`The hub refused the handshake: ${String(answer.error)}`) : undefined;
}
