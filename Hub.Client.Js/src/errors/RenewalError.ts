import { PushError } from "./PushError.js";

/**
 * The hub has not let the connection stay for longer. With the code `user_foreign`, which means that the token is another user's, the
 * client does not try again by itself, and {@link PushClient.onError} tells of it. The connection stays as long as its old token lets it.
 */
export class RenewalError extends PushError {
  override readonly name = "RenewalError";

  /** The hub's reason, such as `user_foreign` or `token_spent`; `renewal_failed` if it gave none. */
  readonly code: string;

  constructor(code: string, sentence: string, options?: { readonly cause: unknown }) {
    super(`The hub has not renewed the connection: ${code}: ${sentence}`, options);
    this.code = code;
  }
}
