using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>What a node has written into the directory of an address: for a user each connection, for a group itself.</summary>
/// <param name="Address">Whose directory.</param>
/// <param name="Field">The connection, or the node.</param>
internal readonly record struct DirectoryEntry(Address Address, string Field)
{
    public static DirectoryEntry Of(Address address, string connectionId, NodeId node) => new(
        address, address.Match(_ => connectionId, _ => node.Value, () => throw new ArgumentException("Every node listens to everyone.", nameof(address))));

    /// <summary>Reads what <see cref="ToString"/> writes into a node's set.</summary>
    public static DirectoryEntry? Parse(string text) =>
        text.Split('\n') is [var address, var field] && Address.TryParse(address, out var parsed) ? new DirectoryEntry(parsed, field) : null;

    public override string ToString() => $"{Address}\n{Field}";

    public RedisKey Directory(RedisKeys keys)
    {
        var of = keys.Of(Address.ToString());
        return Address.Match(_ => of.Connections, _ => of.Nodes, () => of.Nodes);
    }

    /// <summary>First out of the directory, then out of the node's set: a node that dies between leaves too much in the set, which is harmless.</summary>
    public Task RemoveAsync(IDatabaseAsync database, RedisKeys keys, NodeId node) => Task.WhenAll(
        database.HashDeleteAsync(Directory(keys), Field).OrUnavailable(),
        database.SetRemoveAsync(keys.Attached(node.Value), ToString()).OrUnavailable());
}
