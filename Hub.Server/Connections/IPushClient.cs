using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>What the hub calls on a client.</summary>
public interface IPushClient
{
    /// <summary>
    /// Hands a message to the clients that are connected now: at most once, in no log. To reach those who are away as well, publish it with
    /// <c>IPublisher</c>.
    /// </summary>
    Task Receive(PushMessage message);
}
