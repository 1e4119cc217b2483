import { shownUrl } from "../shownUrl.js";
import { ConnectionError } from "./ConnectionError.js";
import { wordsOf } from "./wordsOf.js";

/** The hub gave no answer at all. A browser says no more than that, also where it has refused to let the page see the answer. */
export class UnreachableError extends ConnectionError {
  constructor(url: string, cause: unknown) {
    super(`Nothing could be reached at ${shownUrl(url)}: ${wordsOf(cause)}.`, { cause });
  }
}
