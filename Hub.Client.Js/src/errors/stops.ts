import { EndedError } from "./EndedError.js";
import type { PushError } from "./PushError.js";
import { SignInRequiredError } from "./SignInRequiredError.js";

/** Whether a client stops at this error. After any other it tries again. */
export function stops(error: PushError | undefined): boolean {
  return error instanceof SignInRequiredError || (error instanceof EndedError && !error.mayComeBack);
}
