using Microsoft.AspNetCore.Http.Connections;

namespace RealtimeHub.Authentication;

/// <summary>Marks the endpoints that a single-use token opens. A token is spent nowhere else.</summary>
/// <remarks>Each mapping has an instance of its own, so that a connection negotiated at one cannot be used at another.</remarks>
internal sealed class SingleUseTokenMetadata
{
    /// <summary>How the hub was mapped, as SignalR notes it on the endpoint for negotiates; null before that was built.</summary>
    public HttpConnectionDispatcherOptions? Options { get; set; }

    /// <summary>Whether negotiated connections can be renewed there by a request, so that clients are told when to.</summary>
    public bool CanRefresh { get; set; }

    /// <summary>What the host demands of who connects, and goes on to demand when a connection is renewed.</summary>
    public HostRequirements Demands { get; set; } = HostRequirements.None;
}
