namespace RealtimeHub.Client;

/// <summary>
/// Fetches an access token from your web application. Called for every way in that an attempt tries, because a token works once: once, and
/// if WebSockets turn out to be blocked up to three times. After 15 seconds without an answer the attempt has failed.
/// </summary>
/// <param name="cancellationToken">Cancelled when the answer is not waited for any longer.</param>
/// <exception cref="SignInRequiredException">Stops the client. After any other exception it tries again.</exception>
public delegate Task<AccessToken> TokenSource(CancellationToken cancellationToken);
