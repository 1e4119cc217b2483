using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Routing.Receipts;

/// <summary>Receipts in this process's memory, with the same promises as in Redis for the one node that there is.</summary>
internal sealed class InMemoryReceipts(
    IEventQueue events, RecordedEvents recorded, IOptions<RoutingOptions> options, TimeProvider time)
    : IReceipts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, Kept> _addresses = [];
    private readonly SweepInterval _sweep = new(TimeSpan.FromMinutes(1));

    public async Task<IReadOnlyList<AwaitedMessage>> AddAsync(IReadOnlyList<AddressReports> addresses)
    {
        var handled = new List<AwaitedMessage>();
        foreach (var (address, reports) in addresses)
        {
            handled.AddRange(await UseAsync(address, (kept, now) =>
            {
                kept.ForgetAt = now + options.Value.MaxAge;
                return reports.SelectMany(report => Add(address, kept, report, now)).ToList();
            }));
        }

        foreach (var told in handled.Where(message => message.By == AwaitedMessage.Event && recorded.OfConnections))
        {
            await events.AddAsync(told.Address, [EventOf(told)]);
        }

        return [.. handled.Where(message => message.By != AwaitedMessage.Event)];
    }

    public Task<IReadOnlyList<Receipt>> OfAsync(Address address) =>
        UseAsync(address, (kept, _) => (IReadOnlyList<Receipt>)[.. kept.Receipts.Values]);

    public Task<string?> AwaitAsync(Address address, Cursor message, string by) => UseAsync(address, (kept, now) =>
    {
        var holder = kept.Receipts.Values.FirstOrDefault(receipt => receipt.HandledBy(message) is not null)?.Holder;
        if (holder is null)
        {
            kept.Awaited.RemoveAll(awaited => awaited.Id == message && awaited.By == by);
            kept.Awaited.Add(new AwaitedMessage(address, message, by, Holder: ""));
            kept.Awaited.RemoveRange(0, Math.Max(0, kept.Awaited.Count - options.Value.MaxMessages));
            kept.ForgetAt = now + options.Value.MaxAge;
        }

        return holder;
    });

    private HubEvent EventOf(AwaitedMessage message) => HubEvent.Of(
        EventType.MessageHandled, time.GetUtcNow(), new HandledEvent(message.Id.ToString(), message.Address.ToString(), message.Holder),
        EventJson.Default.HandledEvent);

    private static AwaitedMessage[] Add(Address address, Kept kept, HandledReport report, DateTimeOffset now)
    {
        kept.Receipts.TryGetValue(report.Holder, out var before);
        if (before is null && !HasRoom(address, kept.Receipts))
        {
            return [];
        }

        var receipt = kept.Receipts[report.Holder] = Receipt.Of(before, report, now);
        AwaitedMessage[] handled = [.. kept.Awaited.Where(awaited => receipt.HandledBy(awaited.Id) is not null)];
        kept.Awaited.RemoveAll(awaited => handled.Contains(awaited));
        return [.. handled.Select(awaited => awaited with { Holder = report.Holder })];
    }

    private static bool HasRoom(Address address, Dictionary<string, Receipt> receipts)
    {
        if (receipts.Count < (address.IsUser ? IReceipts.MostDevices : IReceipts.MostMembers))
        {
            return true;
        }

        return address.IsUser && receipts.Remove(receipts.Values.MinBy(receipt => receipt.LastHeard)!.Holder);
    }

    private Task<T> UseAsync<T>(Address address, Func<Kept, DateTimeOffset, T> use)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_sweep.TryTake(now))
            {
                foreach (var (over, _) in _addresses.Where(pair => pair.Value.ForgetAt <= now))
                {
                    _addresses.Remove(over);
                }
            }

            if (!_addresses.TryGetValue(address, out var kept) || kept.ForgetAt <= now)
            {
                kept = new Kept { ForgetAt = now };
            }

            var result = use(kept, now);
            if (kept.ForgetAt > now)
            {
                _addresses[address] = kept;
            }

            return Task.FromResult(result);
        }
    }

    /// <summary>What is kept of one address.</summary>
    private sealed class Kept
    {
        public Dictionary<string, Receipt> Receipts { get; } = new(StringComparer.Ordinal);

        public List<AwaitedMessage> Awaited { get; } = [];

        public required DateTimeOffset ForgetAt { get; set; }
    }
}
