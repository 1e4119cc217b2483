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
   * Where the cursors are kept, so that the next page goes on where this one ended; by default they go with the client. Where a
   * browser forbids storage, `localStorage` throws as soon as it is named: `() => localStorage` leaves that to the client.
   */
  readonly storage?: CursorStorage | (() => CursorStorage);

  /**
   * Is told, once for each `start()`, when an attempt has failed: where to, why, and what to do about it. The console by default;
   * `{ warn() {} }` to be told nothing.
   */
  readonly logger?: PushLogger;
}
