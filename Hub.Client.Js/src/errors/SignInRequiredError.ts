import { PushError } from "./PushError.js";

/** Throw it from a {@link TokenSource} when the user must sign in again. No other error of a token source stops the client. */
export class SignInRequiredError extends PushError {
  override readonly name = "SignInRequiredError";
  readonly code = "sign_in_required";

  constructor(message = "The user must sign in again.", options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}
