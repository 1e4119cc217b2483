using System.Net;

namespace RealtimeHub.Client;

/// <summary>
/// The hub answered, and said no. <see cref="PushException.Code"/> is the hub's reason: <c>token_spent</c>, <c>token_unknown</c>,
/// <c>store_unavailable</c> and others. The connection tries again with a fresh token.
/// </summary>
public sealed class RefusedException : PushException
{
    internal RefusedException(HttpStatusCode status, string code, string? detail)
        : base(code, $"The hub refused the connection with {(int)status} {code}.{(detail is null ? "" : $" {detail}")}") => Status = status;

    /// <summary>The hub was asked over something that lets no upgrade of the connection through, and would answer otherwise without.</summary>
    internal bool IsOfTransport => Code == "connection_missing";

    /// <summary>The HTTP status of the answer, such as 401.</summary>
    public HttpStatusCode Status { get; }
}
