namespace RealtimeHub.Transport;

/// <summary>How a WebSocket without negotiation is carried. Section <c>Transport</c>.</summary>
internal sealed class TransportOptions
{
    internal const string Section = "Transport";

    /// <summary>
    /// Whether the hub's own transport carries it. If not, SignalR's does, as it carries every negotiated connection. Default: true.
    /// </summary>
    public bool Enabled { get; set; } = true;
}
