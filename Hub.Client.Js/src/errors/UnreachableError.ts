import { shownUrl } from "../shownUrl.js";
import { ConnectionError } from "./ConnectionError.js";
import { wordsOf } from "./wordsOf.js";

/** The hub gave no answer at all. In a browser this may also mean that the page was not allowed to see the answer (CORS). */
export class UnreachableError extends ConnectionError {
  constructor(url: string, cause: unknown) {
    super(`Nothing could be reached at ${shownUrl(url)}: ${wordsOf(cause)}.`, { cause });
  }
}
