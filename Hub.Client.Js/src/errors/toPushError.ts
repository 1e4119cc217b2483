import { ConnectionError } from "./ConnectionError.js";
import { PushError } from "./PushError.js";
import { refusalIn } from "./refusalIn.js";

/** Turns what was thrown while connecting into one of our errors. */
export function toPushError(error: unknown): PushError {
  if (error instanceof PushError) {
    return error;
  }

  const message = error instanceof Error ? error.message : String(error);
  const status = statusIn(message);
  return status === undefined
    ? new ConnectionError(message, { cause: error })
    : refusalIn(status, message.slice(message.indexOf("{"), message.lastIndexOf("}") + 1), { cause: error });
}

/** The stock client reports a refused negotiate only as text: the body of the answer, and then its status. */
function statusIn(message: string): number | undefined {
  const status = /^.*: Status code '(\d{3})'/s.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}
