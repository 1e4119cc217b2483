using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Where this node takes in what is routed to it: open while it may have connections.</summary>
internal interface INodeChannel
{
    /// <summary>
    /// Opens the node's inbox. Returns when messages come in, or when the store is away, and then goes on trying by itself.
    /// </summary>
    Task OpenAsync(Inbox inbox);

    /// <summary>Closes the inbox and takes the node out of the directory.</summary>
    Task CloseAsync();
}
