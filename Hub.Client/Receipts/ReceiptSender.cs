using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Receipts;

/// <summary>
/// Tells the hub how far the handlers have come, once a second at the most: at once if the publisher of a message waits for it, otherwise a
/// second later, with what has come meanwhile. Each call says all that is known of an address, so the next makes up for one that is lost.
/// </summary>
internal sealed class ReceiptSender(HandledFloors floors, string device, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long? _last;

    /// <summary>Returns when the connection is over, and never throws.</summary>
    public async Task RunAsync(Func<HandledRequest, CancellationToken, Task> send, CancellationToken over)
    {
        floors.Repeat();
        try
        {
            while (true)
            {
                await floors.NewsAsync(over);
                await floors.AskedForAsync(Interval, over);
                await Task.Delay(LeftOfInterval(), time, over);
                _last = time.GetTimestamp();
                await send(new HandledRequest(device, floors.Tell()), over);
            }
        }
        catch (Exception)
        {
            // The connection is over, and the next tells it.
        }
    }

    private TimeSpan LeftOfInterval() =>
        _last is { } last && Interval - time.GetElapsedTime(last) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
