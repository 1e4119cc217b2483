using System.Globalization;
using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing.Receipts;

/// <summary>Receipts in Redis: of each address a hash beside its log, and one of the messages whose receipt is awaited.</summary>
internal sealed class RedisReceipts(RedisConnection redis, RedisKeys keys, IOptions<RoutingOptions> options) : IReceipts
{
    private static readonly RedisScript AddScript = new("record.lua", "receipts.lua", "receipts-add.lua");
    private static readonly RedisScript AwaitScript = new("record.lua", "receipts.lua", "await-receipt.lua");

    private readonly RedisValue _life = (long)options.Value.MaxAge.TotalMilliseconds;

    public async Task<IReadOnlyList<AwaitedMessage>> AddAsync(Address address, IReadOnlyList<HandledReport> reports)
    {
        var of = keys.Of(address.ToString());
        RedisValue[] arguments =
        [
            _life, address.IsUser ? IReceipts.MostDevices : IReceipts.MostMembers, address.IsUser ? 1 : "", Receipt.MostRanges,
            .. reports.SelectMany(ArgumentsOf),
        ];
        var answer = (RedisValue[])(await AddScript.RunAsync(redis, [of.Receipts, of.Awaited], arguments))!;
        return
        [
            .. answer.Chunk(3).Select(each => new AwaitedMessage(
                Cursor.TryParse((string?)each[0], out var id) ? id : default, (string)each[1]!, (string)each[2]!)),
        ];
    }

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

    private static RedisValue[] ArgumentsOf(HandledReport report) =>
    [
        report.Holder, report.UpTo.ToString(), report.After.Offset.ToString(CultureInfo.InvariantCulture),
        report.Failed?.ToString() ?? "", report.Client ?? "",
    ];
}
