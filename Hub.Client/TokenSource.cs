namespace RealtimeHub.Client;

/// <summary>
/// Fetches an access token from your web application: when the client starts, when it comes back and the hub does not know its secret any
/// more, and before the token of an open connection expires. Because a token works once, it is called for every transport that an attempt
/// tries: usually once, and up to three times if WebSockets are blocked. After 15 seconds without an answer the attempt fails.
/// </summary>
/// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
/// <exception cref="SignInRequiredException">
/// Stops the client, unless it is connected: then the connection stays until its token expires. After any other exception it tries again.
/// </exception>
public delegate Task<AccessToken> TokenSource(CancellationToken cancellationToken);
