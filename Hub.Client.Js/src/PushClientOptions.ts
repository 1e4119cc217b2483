import type { CursorStorage } from "./CursorStorage.js";
import type { PushLogger } from "./PushLogger.js";
import type { ResumeFrom } from "./ResumeFrom.js";
import type { RetryOptions } from "./RetryOptions.js";
import type { TokenSource } from "./TokenSource.js";

/** What a {@link PushClient} needs to know. */
export interface PushClientOptions {
  /** The hub: absolute, or in a page relative, such as `/hub`. */
  readonly url: string;

  readonly token: TokenSource;

  readonly retry?: RetryOptions;

  /** Where to begin at an address at which the client has no cursor yet; at its `"head"` by default. */
  readonly from?: ResumeFrom;

  /**
   * Where the cursors are kept, so that the next page continues where this one ended; by default only in memory. If a browser forbids
   * storage, reading `localStorage` throws: with `() => localStorage` the client handles that.
   */
  readonly storage?: CursorStorage | (() => CursorStorage);

  /**
   * Is told once for each `start()` that an attempt has failed: the address, the reason, and what to do. By default the console;
   * `{ warn() {} }` says nothing.
   */
  readonly logger?: PushLogger;
}
