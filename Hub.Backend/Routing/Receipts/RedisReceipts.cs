using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using StackExchange.Redis;

namespace RealtimeHub.Routing.Receipts;

/// <summary>Receipts in Redis: of each address a hash beside its log, and one of the messages whose receipt is awaited.</summary>
/// <remarks>
/// On a Cluster the list of users of whom events wait lies on another primary: there a user is listed behind the adding. If the node dies
/// in between, the event is sent with the next of the same user.
/// </remarks>
internal sealed class RedisReceipts(
    RedisConnection redis, RedisKeys keys, RecordedEvents recorded, IOptions<RoutingOptions> options)
    : IReceipts
{
    private static readonly RedisScript AddScript = new("record.lua", "receipts.lua", "events.lua", "receipts-add.lua");
    private static readonly RedisScript AwaitScript = new("record.lua", "receipts.lua", "await-receipt.lua");

    private readonly RedisTurns _due = new(redis, keys.DueEvents);
    private readonly RedisValue _life = (long)options.Value.MaxAge.TotalMilliseconds;

    public async Task<IReadOnlyList<AwaitedMessage>> AddAsync(IReadOnlyList<AddressReports> addresses) => redis.IsCluster
        ? [.. (await Task.WhenAll(addresses.Select(AddOnClusterAsync))).SelectMany(handled => handled)]
        : [.. (await EnterAsync(addresses)).Where(IsAwaitedByNode)];

    public async Task<IReadOnlyList<Receipt>> OfAsync(Address address)
    {
        var entries = await redis.Database.HashGetAllAsync(keys.Of(address.ToString()).Receipts).OrUnavailable(redis);
        return [.. entries.Select(entry => Receipt.Parse((string)entry.Name!, entry.Value)).OfType<Receipt>()];
    }

    public async Task<string?> AwaitAsync(Address address, Cursor message, string by)
    {
        var of = keys.Of(address.ToString());
        var holder = (string?)await AwaitScript.RunAsync(
            redis, [of.Receipts, of.Awaited], [message.ToString(), by, _life, options.Value.MaxMessages]);
        return holder is { Length: > 0 } ? holder : null;
    }

    private async Task<IEnumerable<AwaitedMessage>> AddOnClusterAsync(AddressReports address)
    {
        var handled = await EnterAsync([address]);
        var hasEvents = recorded.OfConnections && handled.Any(message => !IsAwaitedByNode(message));
        await (hasEvents ? _due.ListAsync(address.Address) : Task.CompletedTask);
        return handled.Where(IsAwaitedByNode);
    }

    private async Task<AwaitedMessage[]> EnterAsync(IReadOnlyList<AddressReports> addresses)
    {
        RedisKey[] due = recorded.OfConnections && !redis.IsCluster ? [keys.DueEvents] : [];
        RedisKey[] touched = [.. addresses.SelectMany(each => KeysOf(each.Address)), .. due];
        RedisValue[] arguments =
        [
            _life, Receipt.MostRanges, recorded.OfConnections ? 3 : 2, .. addresses.SelectMany(ArgumentsOf),
        ];
        var answer = (RedisValue[])(await AddScript.RunAsync(redis, touched, arguments))!;
        return [.. answer.Chunk(4).Select(each => ToAwaited(addresses[(int)each[0]].Address, each))];
    }

    private RedisKey[] KeysOf(Address address)
    {
        var of = keys.Of(address.ToString());
        return recorded.OfConnections ? [of.Receipts, of.Awaited, of.Events] : [of.Receipts, of.Awaited];
    }

    private static bool IsAwaitedByNode(AwaitedMessage message) => message.By != AwaitedMessage.Event;

    private static AwaitedMessage ToAwaited(Address address, RedisValue[] answer) =>
        new(address, Cursor.TryParse((string?)answer[1], out var id) ? id : default, (string)answer[2]!, (string)answer[3]!);

    private static IEnumerable<RedisValue> ArgumentsOf(AddressReports of) =>
    [
        of.Address.ToString(), JsonSerializer.Serialize(of.Address.ToString(), EventJson.Default.String),
        of.Address.IsUser ? IReceipts.MostDevices : IReceipts.MostMembers, of.Address.IsUser ? 1 : "", of.Reports.Count,
        .. of.Reports.SelectMany(ArgumentsOf),
    ];

    private static RedisValue[] ArgumentsOf(HandledReport report) =>
    [
        report.Holder, report.UpTo.ToString(), report.After.Offset.ToString(CultureInfo.InvariantCulture),
        report.Failed?.ToString() ?? "", report.Client ?? "",
    ];
}
