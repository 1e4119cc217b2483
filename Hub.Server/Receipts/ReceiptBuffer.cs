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
        var addresses = taken.GroupBy(each => each.Address, each => each.Report).Select(of => new AddressReports(of.Key, [.. of]));
        foreach (var together in addresses.Chunk(IReceipts.MostAtOnce))
        {
            hasAnswered &= await TryWriteAsync(together);
        }

        return hasAnswered;
    }

    private async Task<bool> TryWriteAsync(AddressReports[] together)
    {
        try
        {
            foreach (var message in await receipts.AddAsync(together))
            {
                await handled.TellAsync(message);
            }

            return true;
        }
        catch (StoreUnavailableException)
        {
            Keep(together);
            return false;
        }
        catch (Exception) when (together.Length > 1)
        {
            // Somebody has put something else under a key of ours: that may not end the receipts of all others.
            var written = await Task.WhenAll(together.Select(each => TryWriteAsync([each])));
            return written.All(each => each);
        }
        catch (Exception failure)
        {
            summary.Report("ReceiptsNotWritten", together[0].Address.ToString(), (count, addresses) => Log.NotWritten(logger, count, addresses, failure));
            return true;
        }
    }

    private void Keep(AddressReports[] together)
    {
        var kept = together.SelectMany(of => of.Reports.Select(report => (of.Address, report)));
        lock (_lock)
        {
            _waiting.InsertRange(0, kept.Take(Most - _waiting.Count));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Receipts could not be written ({Count} times), of {Addresses}. What Redis holds there may not be the hub's.", EventName = "ReceiptsNotWritten")]
        public static partial void NotWritten(ILogger logger, long count, string addresses, Exception failure);
    }
}
