using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>
/// Takes what clients say that they have handled, and writes it a moment later, what belongs together at once: no client waits for that.
/// While Redis is away it keeps what there is room for. What it drops, a client says again with its next receipt.
/// </summary>
internal sealed partial class ReceiptBuffer(
    IReceipts receipts, HandledMessages handled, TimeProvider time, LogSummary summary, ILogger<ReceiptBuffer> logger)
{
    /// <summary>The most receipts that wait to be written.</summary>
    internal const int Most = 100_000;

    private const int AddressesAtOnce = 200;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private List<(Address Address, HandledReport Report)> _waiting = [];
    private bool _isWriting;

    public void Add(IReadOnlyList<(Address Address, HandledReport Report)> reports)
    {
        lock (_lock)
        {
            _waiting.AddRange(reports.Take(Most - _waiting.Count));
            if (_isWriting || _waiting.Count == 0)
            {
                return;
            }

            _isWriting = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        var wait = Moment;
        do
        {
            await Task.Delay(wait, time);
            wait = await TryWriteAllAsync(Take()) ? Moment : AfterFailure;
        }
        while (HasMore());
    }

    private List<(Address Address, HandledReport Report)> Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    private bool HasMore()
    {
        lock (_lock)
        {
            return _isWriting = _waiting.Count > 0;
        }
    }

    /// <returns>Whether Redis has answered.</returns>
    private async Task<bool> TryWriteAllAsync(List<(Address Address, HandledReport Report)> taken)
    {
        var hasAnswered = true;
        foreach (var together in taken.GroupBy(each => each.Address, each => each.Report).Chunk(AddressesAtOnce))
        {
            var written = await Task.WhenAll(together.Select(TryWriteAsync));
            hasAnswered &= written.All(each => each);
        }

        return hasAnswered;
    }

    private async Task<bool> TryWriteAsync(IGrouping<Address, HandledReport> reports)
    {
        try
        {
            foreach (var message in await receipts.AddAsync(reports.Key, [.. reports]))
            {
                await handled.TellAsync(reports.Key, message);
            }

            return true;
        }
        catch (StoreUnavailableException)
        {
            Keep(reports);
            return false;
        }
        catch (Exception failure)
        {
            // Somebody has put something else under our key: that may not end the receipts of all others.
            summary.Report("ReceiptsNotWritten", reports.Key.ToString(), (count, addresses) => Log.NotWritten(logger, count, addresses, failure));
            return true;
        }
    }

    private void Keep(IGrouping<Address, HandledReport> reports)
    {
        lock (_lock)
        {
            _waiting.InsertRange(0, reports.Take(Most - _waiting.Count).Select(report => (reports.Key, report)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Receipts could not be written ({Count} times), of {Addresses}. What Redis holds there may not be the hub's.", EventName = "ReceiptsNotWritten")]
        public static partial void NotWritten(ILogger logger, long count, string addresses, Exception failure);
    }
}
