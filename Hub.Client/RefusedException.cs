using System.Net;

namespace RealtimeHub.Client;

/// <summary>
/// The hub answered, and said no. <see cref="PushException.Code"/> is the hub's reason: <c>token_spent</c>, <c>token_unknown</c>,
/// <c>store_unavailable</c> and others. The client tries again with a fresh token.
/// </summary>
public sealed class RefusedException : PushException
{
    internal RefusedException(HttpStatusCode status, string code, string? detail)
        : base(code, $"The hub refused the connection with {(int)status} {code}.{(detail is null ? "" : $" {detail}")}") => Status = status;

    /// <summary>
    /// It is the way that does not suit, and the hub would say otherwise on another: what lies between lets no upgrade through, or brings
    /// the requests of a negotiated connection to different nodes, which a WebSocket of one request does not mind.
    /// </summary>
    internal bool IsOfTransport => Code is "connection_missing" or "connection_unknown";

    /// <summary>The HTTP status of the answer, such as 401.</summary>
    public HttpStatusCode Status { get; }
}
