import { ConnectionError } from "./ConnectionError.js";
import { PushError } from "./PushError.js";
import { RefusedError } from "./RefusedError.js";

/** What was thrown while connecting, as one of our errors. */
export function toPushError(error: unknown): PushError {
  if (error instanceof PushError) {
    return error;
  }

  const message = error instanceof Error ? error.message : String(error);
  const status = statusIn(message);
  if (status === undefined) {
    return new ConnectionError(message, { cause: error });
  }

  const problem = problemIn(message);
  return problem
    ? new RefusedError(status, problem.code, problem.detail)
    : new ConnectionError(`Something other than a hub answered with status ${status}.`, { cause: error });
}

/** The stock client reports a refused negotiate only as text: the body of the answer, and then its status. */
function statusIn(message: string): number | undefined {
  const status = /^.*: Status code '(\d{3})'/s.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

function problemIn(message: string): { readonly code: string; readonly detail?: string } | undefined {
  try {
    const body: unknown = JSON.parse(message.slice(message.indexOf("{"), message.lastIndexOf("}") + 1));
    return isProblem(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is { code: string; detail?: string } {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}
