using RealtimeHub.Operations;

namespace RealtimeHub.Authentication;

/// <summary>Every reason not to let a client in.</summary>
internal static class Refusals
{
    /// <remarks>A request without a token is told the scheme and nothing more (RFC 6750 section 3.1).</remarks>
    public static readonly Refusal TokenMissing = Unauthorized("token_missing",
        "Show an access token: as Authorization: Bearer, or in a browser as the query parameter access_token.") with
    {
        Challenge = "Bearer",
    };

    public static readonly Refusal TokenMalformed = Unauthorized("token_malformed",
        "What was shown is no access token, or its record cannot be read. Mint one as docs/protocol.md says.");

    public static readonly Refusal TokenUnknown = Unauthorized("token_unknown",
        "The token was never minted, or it has expired. Ask the web app for a new one.");

    public static readonly Refusal TokenSpent = Unauthorized("token_spent",
        "The token was used before: each opens one connection. Ask the web app for a new one.");

    public static readonly Refusal ReconnectUnknown = Unauthorized("reconnect_unknown",
        "The reconnect secret is not good, or no longer: each is good once, and for five minutes after its connection has ended. Ask the web app for a token.");

    public static readonly Refusal TokenAudience = Unauthorized("token_audience",
        "The token was minted for another hub.");

    public static readonly Refusal OriginRefused = new(403, "origin_refused",
        "Pages of this origin may not connect. The operator can allow it in Origins:Allowed.");

    public static readonly Refusal ConnectionForeign = new(403, "connection_foreign",
        "The credential is not one of this connection.");

    public static readonly Refusal PolicyRefused = new(403, "policy_refused",
        "The token is good, but its user has not what this hub's host demands: a role or a policy. Mint the token with the roles and claims that it asks for.");

    public static readonly Refusal UserForeign = new(403, "user_foreign",
        "The token is good, and spent, but it is another user's: a connection is renewed for the user that it was opened for.");

    public static readonly Refusal TokenEnded = Unauthorized("ended",
        "The connections of the user, or of what the token was minted for, were ended after it was minted. Ask the web app for a new one.");

    /// <param name="text">What the backend wants the user to be told; null for nothing.</param>
    public static Refusal Banned(string? text) => new(403, "banned", text ?? "The user is banned.");

    public static readonly Refusal ConnectionUnknown = new(404, "connection_unknown",
        "This node knows no such connection. Behind a load balancer, negotiated transports need sticky sessions; " +
        "WebSockets with skipNegotiation need none.");

    public static readonly Refusal ConnectionMissing = new(400, "connection_missing",
        "The request opens no connection and belongs to none: upgrade to a WebSocket, or negotiate by POST first.");

    /// <param name="what">What could be read in two ways, in a sentence that holds no value.</param>
    public static Refusal RequestAmbiguous(string what) => new(400, "request_ambiguous",
        $"{what} Nothing was read further, and nothing was spent: say each thing once, in one place, spelled as docs/protocol.md has it.");

    public static readonly Refusal NodeStopping = new(503, "node_stopping",
        "This node is about to end, or is being drained, so it opens no connection; nothing was spent. Try again: another node will let you in.")
    {
        RetryAfter = 2,
    };

    public static readonly Refusal NodeFull = new(503, "node_full",
        "This node has as many connections as it may have (Limits:Connections); nothing was spent. Try again: another node may let you in.")
    {
        RetryAfter = 2,
    };

    public static readonly Refusal NegotiationsFull = new(503, "negotiations_full",
        "Too many connections of this node were negotiated and have not opened (Limits:Unopened); nothing was spent. Try again, or connect by a WebSocket without negotiation.")
    {
        RetryAfter = 2,
    };

    public static readonly Refusal TooManyConnections = new(429, "too_many_connections",
        "Your IP address has as many connections to this node as it may have (Limits:ConnectionsPerIpAddress); nothing was spent. Close one, or wait until one ends.")
    {
        RetryAfter = 10,
    };

    public static readonly Refusal TooManyNegotiations = new(429, "too_many_negotiations",
        "Your IP address has negotiated as many connections as it may, and not opened them (Limits:UnopenedPerIpAddress); nothing was spent. Open them, or try again in a while.")
    {
        RetryAfter = 10,
    };

    /// <param name="wait">After how long the next may come.</param>
    public static Refusal TooManyAttempts(TimeSpan wait) => new(429, "too_many_attempts",
        "Your IP address has shown more tokens than it may in a minute (Limits:AttemptsPerMinute); nothing was spent. Wait as long as Retry-After says.")
    {
        RetryAfter = WholeSeconds(wait),
    };

    /// <inheritdoc cref="TooManyAttempts"/>
    public static Refusal TooManyFailures(TimeSpan wait) => new(429, "too_many_failures",
        "Too many tokens from your IP address have opened nothing (Limits:FailuresPerMinute); nothing was spent. Wait as long as Retry-After says, and show each token once, while it lives.")
    {
        RetryAfter = WholeSeconds(wait),
    };

    private static int WholeSeconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));

    private static Refusal Unauthorized(string code, string detail) => new(401, code, detail) { Challenge = "Bearer error=\"invalid_token\"" };
}
