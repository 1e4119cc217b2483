using System.Text.Json;
using RealtimeHub.Receipts;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Insight.Messages;

/// <summary>
/// Says what has become of a message: whether the log still has it, whom it was sent to, and who has handled it; and how far devices are.
/// </summary>
internal sealed class MessageTracking(IMessageRouter router, MessageFindings findings, IReceipts receipts)
{
    private const int MostNames = 20;

    /// <returns>The message, or why nothing is known of it: <see cref="LogEntryState"/> says which.</returns>
    public async Task<(MessageStatus? Status, LogEntryState State)> FindAsync(Address address, Cursor id)
    {
        var (looking, reading) = (router.FindAsync(address, id), receipts.OfAsync(address));
        var (entry, known) = (await looking, await reading);
        if (entry is not { Message: { } message, PublishedAt: { } at })
        {
            return (null, entry.State);
        }

        var status = StatusOf(message, entry.State, at, known) with { Publisher = entry.Publisher };
        return (address.IsUser ? await WithConnectionsAsync(status, address, id) : status, entry.State);
    }

    /// <summary>How far the devices of a user have come.</summary>
    public async Task<UserDevices> DevicesOfAsync(Address user)
    {
        var (reading, looking) = (receipts.OfAsync(user), router.TailAsync(user, limit: 1));
        var (known, newest) = (await reading, (await looking).Newest);
        Cursor? last = newest.Count > 0 ? newest[0].Id : null;
        return new UserDevices(
            user.Name, [.. known.OrderByDescending(receipt => receipt.LastHeard).Select(receipt => UserDevice.Of(receipt, last))]);
    }

    private async Task<MessageStatus> WithConnectionsAsync(MessageStatus status, Address user, Cursor id)
    {
        var nodes = await findings.AskAsync(user, user, id);
        string[] silent = [.. nodes.Where(node => node.Finding is null).Select(node => node.Node.Value)];
        return status with
        {
            Connections = [.. nodes.SelectMany(node => node.Finding is { } finding ? Reached(node.Node, finding) : [])],
            SilentNodes = silent.Length > 0 ? silent : null,
        };
    }

    /// <summary>Those that were there when it came, or came later.</summary>
    private static IEnumerable<ReachedConnection> Reached(NodeId node, NodeFinding finding) =>
        from found in finding.Connections
        where found.Decision != Decision.EndedBefore
        select new ReachedConnection(found.Id, node.Value, found.Client, found.Decision);

    private static MessageStatus StatusOf(
        RoutedMessage message, LogEntryState state, DateTimeOffset publishedAt, IReadOnlyList<Receipt> receipts)
    {
        var id = message.Id;
        return new MessageStatus
        {
            Id = id.ToString(),
            Address = message.Address.ToString(),
            State = Word(state),
            Type = MessageType.In(message.Body.Span),
            Time = publishedAt,
            Devices = message.Address.IsUser ? DevicesOf(receipts, id) : null,
            Members = message.Address.IsGroup ? MembersOf(receipts, id) : null,
        };
    }

    private static DeviceReceipt[] DevicesOf(IReadOnlyList<Receipt> receipts, Cursor id) =>
        [.. receipts.Select(receipt => DeviceOf(receipt, id)).OrderBy(device => device.At ?? DateTimeOffset.MaxValue)];

    private static DeviceReceipt DeviceOf(Receipt receipt, Cursor id) => new()
    {
        Device = receipt.Holder,
        State = Word(receipt.StateOf(id)),
        At = receipt.HandledBy(id),
        UpTo = receipt.UpTo.ToString(),
        Client = receipt.Client,
    };

    private static GroupReceipts MembersOf(IReadOnlyList<Receipt> receipts, Cursor id)
    {
        string[] handled = [.. receipts.Where(receipt => receipt.StateOf(id) == ReceiptState.Handled).Select(receipt => receipt.Holder)];
        var failed = receipts.Count(receipt => receipt.StateOf(id) == ReceiptState.Failed);
        return new GroupReceipts(handled.Length, failed, [.. handled.Order(StringComparer.Ordinal).Take(MostNames)]);
    }

    private static string Word<T>(T state) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
