using RealtimeHub.Nodes;
using RealtimeHub.Operations;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Control;

/// <summary>
/// Raises the epoch first, and reads the directory then: what was attached before is in the list, and what comes later is refused. The
/// nodes that have what is listed end it.
/// </summary>
internal sealed class ConnectionControl(IEpochs epochs, IConnectionDirectory directory, NodeRequests requests) : IConnectionControl
{
    public async Task<EndedConnections> EndUserAsync(string user, EndOptions? options = null)
    {
        var (address, asked) = (Address.User(user), Asked(options));
        var epoch = await epochs.RaiseAsync(address);
        return new EndedConnections { Ended = await EndAsync(await ConnectionsOfAsync(address), asked), Epoch = epoch };
    }

    public async Task<EndedConnections> EndSessionAsync(string user, string session, EndOptions? options = null)
    {
        ThrowIfNot(Identifier.IsValid(session), $"The session {Identifier.Rule}.", nameof(session));
        var (address, asked) = (Address.User(user), Asked(options));
        var epoch = await epochs.RaiseAsync(address, session);
        var found = (await ConnectionsOfAsync(address)).Where(connection => connection.Details?.Session == session);
        return new EndedConnections { Ended = await EndAsync(found, asked), Epoch = epoch };
    }

    public async Task<EndedConnections> EndConnectionAsync(string user, string connectionId, EndOptions? options = null)
    {
        var (address, asked) = (Address.User(user), Asked(options));
        var found = (await ConnectionsOfAsync(address)).Where(connection => connection.Id == connectionId);
        return new EndedConnections { Ended = await EndAsync(found, asked) };
    }

    public async Task<EndedConnections> EndLabelAsync(string label, EndOptions? options = null)
    {
        ThrowIfNot(Identifier.IsValid(label, TokenRecord.MaxLabelLength), "The label must be 1 to 64 characters without control characters.", nameof(label));
        var asked = Asked(options) with { Label = label };
        var ended = await Task.WhenAll((await directory.NodesAsync()).Select(node => AskAsync(node, asked)));
        return new EndedConnections { Ended = ended.Sum() };
    }

    public async Task<AskedConnections> RenewUserAsync(string user)
    {
        var address = Address.User(user);
        var epoch = await epochs.RaiseAsync(address);
        return await RenewAsync(await ConnectionsOfAsync(address), epoch);
    }

    public async Task<AskedConnections> RenewSessionAsync(string user, string session)
    {
        ThrowIfNot(Identifier.IsValid(session), $"The session {Identifier.Rule}.", nameof(session));
        var address = Address.User(user);
        var epoch = await epochs.RaiseAsync(address, session);
        return await RenewAsync((await ConnectionsOfAsync(address)).Where(connection => connection.Details?.Session == session), epoch);
    }

    public async Task<EndedConnections> BanAsync(string user, DateTimeOffset until, string? reason = null)
    {
        var address = Address.User(user);
        var asked = Asked(new EndOptions { Reason = reason, MayComeBack = false }) with { Code = EndConnections.Banned };
        await epochs.BanAsync(address, until, reason);
        return new EndedConnections { Ended = await EndAsync(await ConnectionsOfAsync(address), asked), Until = until };
    }

    public Task UnbanAsync(string user) => epochs.UnbanAsync(Address.User(user));

    private static EndConnections Asked(EndOptions? options)
    {
        options ??= new EndOptions();
        ThrowIfNot(EndOptions.IsReason(options.Reason), $"The reason {EndOptions.ReasonRule}.", nameof(options));
        return new EndConnections(EndConnections.Ended, options.MayComeBack) { Reason = options.Reason };
    }

    private static void ThrowIfNot(bool isValid, string mistake, string argument)
    {
        if (!isValid)
        {
            throw new ArgumentException(mistake, argument);
        }
    }

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsOfAsync(Address user) =>
        (await directory.ConnectionsOfAsync([user])).Single();

    private Task<int> EndAsync(IEnumerable<AttachedConnection> connections, EndConnections asked) =>
        SumAsync(connections, (node, ids) => AskAsync(node, asked with { Connections = ids }));

    private async Task<AskedConnections> RenewAsync(IEnumerable<AttachedConnection> connections, long epoch)
    {
        var seconds = (int)IConnectionControl.RenewalTime.TotalSeconds;
        var asked = await SumAsync(connections, (node, ids) => AskAsync(node, new RenewConnections(ids, epoch, seconds)));
        return new AskedConnections { Asked = asked, Epoch = epoch };
    }

    private static async Task<int> SumAsync(IEnumerable<AttachedConnection> connections, Func<NodeId, IReadOnlyList<string>, Task<int>> ask)
    {
        var nodes = connections.GroupBy(connection => connection.Node, connection => connection.Id);
        return (await Task.WhenAll(nodes.Select(node => ask(node.Key, [.. node])))).Sum();
    }

    // If it has died just now, its connections have died with it.
    private async Task<int> AskAsync(NodeId node, EndConnections asked) =>
        (await requests.AskAsync(node, asked, NodeCommandJson.Default.EndAnswer))?.Ended ?? 0;

    private async Task<int> AskAsync(NodeId node, RenewConnections asked) =>
        (await requests.AskAsync(node, asked, NodeCommandJson.Default.RenewalAnswer))?.Asked ?? 0;
}
