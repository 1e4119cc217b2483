import { jsonIn } from "../jsonIn.js";
import { ConnectionError } from "./ConnectionError.js";
import type { PushError } from "./PushError.js";
import { RefusedError } from "./RefusedError.js";

/** The error for an answer other than 200: the refusal, if the hub wrote it, and otherwise that something else has answered. */
export function refusalIn(status: number, body: string, options?: { readonly cause: unknown }): PushError {
  const problem = jsonIn(body);
  if (isProblem(problem)) {
    return new RefusedError(status, problem.code, problem.detail);
  }

  const advice = status === 404 ? " Is the path in `url` that of the hub? By default it is /hub." : "";
  return new ConnectionError(`Something other than a hub answered with status ${status}.${advice}`, options);
}

function isProblem(body: unknown): body is { code: string; detail?: string } {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}
