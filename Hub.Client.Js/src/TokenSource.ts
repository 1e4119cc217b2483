/**
 * Fetches an access token. Called once for every connection attempt, because a token works once.
 * Throw {@link SignInRequiredError} to stop the client; after any other error it tries again.
 */
export type TokenSource = () => Promise<string>;
