namespace RealtimeHub.Authentication;

/// <summary>
/// Marks the endpoint by which SignalR's own clients renew their connection: <c>POST /hub/refresh</c>, which they call where the answer to
/// their negotiate says how long the token lives.
/// </summary>
internal sealed class RefreshMetadata
{
    /// <summary>What stands behind the path of the hub.</summary>
    public const string Segment = "/refresh";

    /// <summary>The header by which SignalR's client of .NET 11 names its connection there; others do it by <c>id</c>.</summary>
    public const string ConnectionHeader = "X-SignalR-Connection-Token";

    public static bool IsOn(HttpContext context) => context.GetEndpoint()!.Metadata.GetMetadata<RefreshMetadata>() is not null;
}
