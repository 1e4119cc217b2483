import type { TokenWithCursors } from "./TokenWithCursors.js";

/**
 * Fetches an access token, alone or with cursors to begin from. Called once for every connection attempt, because a token works once.
 * Throw {@link SignInRequiredError} to stop the client; after any other error it tries again.
 */
export type TokenSource = () => Promise<string | TokenWithCursors>;
