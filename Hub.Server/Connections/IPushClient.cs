using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>What the hub calls on a client.</summary>
public interface IPushClient
{
    /// <summary>Hands a message to the client: at most once, in the order of one publisher.</summary>
    Task Receive(Message message);
}
