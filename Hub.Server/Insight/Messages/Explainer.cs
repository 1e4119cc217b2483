using System.Globalization;
using RealtimeHub.Operations;
using RealtimeHub.Presence;
using RealtimeHub.Receipts;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Insight.Messages;

/// <summary>
/// Says in sentences what has become of a message on its way to a user: what the log has, what each node has done for each connection, and
/// how far the user's devices have come. Nothing is kept for it but what is known anyway.
/// </summary>
internal sealed class Explainer(IMessageRouter router, MessageFindings findings, IReceipts receipts, IConnections connections)
{
    private const int MostDevices = 20;

    /// <summary>Explains a message that was published, or may have been. Null: it never was, as far as anybody knows.</summary>
    public async Task<MessageExplanation?> ExplainAsync(Address user, Address address, Cursor id)
    {
        var (looking, asking, reading) = (router.FindAsync(address, id), findings.AskAsync(user, address, id), receipts.OfAsync(address));
        var (entry, nodes, known) = (await looking, await asking, await reading);
        if (entry.State == LogEntryState.Unknown)
        {
            return null;
        }

        List<string> sentences = [OfLog(entry, address, id), .. nodes.SelectMany(node => OfNode(node.Node, node.Finding, entry))];
        if (!nodes.Any(node => node.Finding?.Connections.Count > 0))
        {
            sentences.Add($"{user.Name} has no connection, and had none that a node remembers.");
        }

        return new MessageExplanation
        {
            User = user.Name,
            Address = address.ToString(),
            Message = id.ToString(),
            Sentences = [.. sentences, .. OfDevices(known, user, address, id)],
        };
    }

    /// <summary>Says what would happen to a message that were published now.</summary>
    public async Task<MessageExplanation> ForeseeAsync(Address user)
    {
        var (now, known) = (await connections.GetAsync(user.Name), await receipts.OfAsync(user));
        List<string> sentences =
        [
            $"It would be stored in the log of {user}, and kept there as Routing:MaxAge and Routing:MaxMessages say.",
            now.Connections.Count == 0
                ? $"{user.Name} has no connection: nothing would be sent now. A client that keeps its cursors gets it when it comes back."
                : $"It would be sent at once to {Count(now.Connections.Count, "connection")}.",
            .. now.Connections.Select(connection =>
                $"Connection {connection.Id} ({Printable.Text(connection.Client ?? "a client without a name", 64)}, {connection.Transport}, since {Time(connection.Since)}) is at node {connection.Node}."),
            .. known.OrderByDescending(device => device.LastHeard).Take(MostDevices).Select(OfDevice),
        ];
        return new MessageExplanation { User = user.Name, Address = user.ToString(), Sentences = sentences };
    }

    private static string OfLog(LogEntry entry, Address address, Cursor id) => entry.State switch
    {
        LogEntryState.Stored when entry.TimeToLive is { } life =>
            $"{Published(entry)} to {address}, and may be delivered until {Time(entry.PublishedAt + life)}.",
        LogEntryState.Stored => $"{Published(entry)} to {address}, and stands in its log: whoever comes back gets it.",
        LogEntryState.Expired => $"{Published(entry)} to {address}. Its time to live is over: whoever has not got it gets it no more.",
        LogEntryState.Trimmed => $"The log of {address} does not have {id} any more: it was older than Routing:MaxAge, has made room for newer ones, or Redis has lost the whole log. Whether it was ever published cannot be told.",
        _ => $"Redis has lost {id} of {address} in a failover: a gap stands in its place, and whoever comes back across it is told of a loss.",
    };

    private static string Published(LogEntry entry) =>
        $"Published {Time(entry.PublishedAt)}{(entry.Publisher is { } publisher ? $" by {Printable.Text(publisher, 64)}" : "")}";

    private static IEnumerable<string> OfNode(NodeId node, NodeFinding? finding, LogEntry entry)
    {
        if (finding is null)
        {
            yield return $"Node {node} has not answered: what it has done is not known.";
            yield break;
        }

        if (finding.DeliveredAt is { } at && finding.Connections.Count > 0)
        {
            yield return $"Node {node} has handed it to its connections {Time(at)}{After(entry.PublishedAt, at)}.";
        }

        foreach (var connection in finding.Connections)
        {
            yield return $"Connection {connection.Id} ({Printable.Text(connection.Client ?? "a client without a name", 64)}, since {Time(connection.Since)}) at node {node}: {OfDecision(connection)}";
        }
    }

    private static string OfDecision(ConnectionFinding connection) => connection.Decision switch
    {
        Decision.Sent => "it was sent.",
        Decision.Waiting => "it waits, because the client has not taken what came before.",
        Decision.JoinedLater => "it came after the message, and gets it by Resume if it keeps cursors and its own lies before.",
        Decision.NoMember => "it does not get what is published there.",
        Decision.NotHere => "the message has not come to its node. The node compares with Redis within a minute, and tells its clients then.",
        Decision.EndedBefore => $"it had ended {Time(connection.EndedAt)}{Because(connection.Code)}, before the message came.",
        _ => $"it was there, and has ended {Time(connection.EndedAt)}{Because(connection.Code)}. What still waited for it then was not sent; it gets that when it comes back.",
    };

    private static IEnumerable<string> OfDevices(IReadOnlyList<Receipt> known, Address user, Address address, Cursor id)
    {
        Receipt[] own =
        [
            .. known.Where(receipt => address.IsUser || receipt.Holder == user.Name).OrderByDescending(receipt => receipt.LastHeard),
        ];
        return own.Length == 0
            ? ["No device has said that it has handled anything there. Only clients that keep cursors say so."]
            : own.Take(MostDevices).Select(receipt => OfDevice(receipt, address, id));
    }

    private static string OfDevice(Receipt receipt, Address address, Cursor id)
    {
        var device = address.IsUser ? $"Device {receipt.Holder}" : "The user";
        return receipt.StateOf(id) switch
        {
            ReceiptState.Handled => $"{device} has handled it by {Time(receipt.HandledBy(id))}.",
            ReceiptState.Failed => $"{device} has got it, and its handler has failed.",
            ReceiptState.Waiting when receipt.Failed is { } failed => $"{device} has not handled it: it stands before {failed}, whose handler has failed.",
            ReceiptState.Waiting => $"{device} has not handled it: its last receipt is of {Time(receipt.LastHeard)}, up to {receipt.UpTo}.",
            ReceiptState.Passed => $"{device} has handled later ones, and has never said that it has handled this one.",
            _ => $"{device} has begun after it.",
        };
    }

    private static string OfDevice(Receipt receipt) => receipt.Failed is { } failed
        ? $"Device {receipt.Holder} stands before {failed}, whose handler has failed."
        : $"Device {receipt.Holder} was last heard of {Time(receipt.LastHeard)}.";

    private static string Because(string? code) => code is null ? ", by its client or its network" : $" as {code}";

    private static string After(DateTimeOffset? published, DateTimeOffset at) =>
        published is { } since && at >= since ? FormattableString.Invariant($", {(at - since).TotalMilliseconds:0} ms later") : "";

    private static string Count(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "at an unknown time";
}
