import type { AccessToken } from "./AccessToken.js";

/**
 * Fetches an access token, alone or with cursors to begin from. Called once for every connection attempt, because a token works once, but
 * not as long as the hub lets the client come back without one. Also called to renew a connection whose token ends (`exp`), when 70 to 90 %
 * of the time are over.
 *
 * Throw {@link SignInRequiredError} to stop the client, or if a connection is being renewed, to let it end with its token. After any other
 * error it tries again.
 *
 * After 15 seconds, and when the client is stopped, nobody waits for the answer any more: then `signal` aborts. Pass it to your `fetch`.
 */
export type TokenSource = (signal: AbortSignal) => Promise<string | AccessToken>;
