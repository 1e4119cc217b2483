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
    /// Whether another transport may succeed. A proxy may let no upgrade through, or may send the requests of a negotiated connection to
    /// different nodes; a WebSocket without negotiation is a single request.
    /// </summary>
    internal bool IsOfTransport => Code is "connection_missing" or "connection_unknown";

    /// <summary>The HTTP status of the answer, such as 401.</summary>
    public HttpStatusCode Status { get; }
}
