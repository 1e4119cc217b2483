import type { RetryOptions } from "./RetryOptions.js";
import type { TokenSource } from "./TokenSource.js";

/** What a {@link PushClient} needs to know. */
export interface PushClientOptions {
  /** The hub: absolute, or in a page relative, such as `/hub`. */
  readonly url: string;

  readonly token: TokenSource;

  readonly retry?: RetryOptions;
}
