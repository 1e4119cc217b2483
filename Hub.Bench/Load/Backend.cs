using System.Threading.Channels;

namespace RealtimeHub.Bench.Load;

/// <summary>A backend that publishes over HTTP, on as many connections as it has requests in flight.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Channel<ReadOnlyMemory<byte>> _requests = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly HttpLine[] _lines;
    private readonly Task _working;
    private int _refused;

    private Backend(HttpLine[] lines) => (_lines, _working) = (lines, Task.WhenAll(lines.Select(WorkAsync)));

    /// <summary>How many requests were not answered with success.</summary>
    public int Refused => _refused;

    /// <param name="ports">The servers, of which each connection takes the next.</param>
    /// <param name="inFlight">How many requests may be under way at once.</param>
    public static async Task<Backend> OpenAsync(IReadOnlyList<int> ports, int inFlight) =>
        new(await Task.WhenAll(Enumerable.Range(0, inFlight).Select(line => HttpLine.OpenAsync(ports[line % ports.Count]))));

    /// <summary>Sends a request as soon as a connection is free.</summary>
    public void Post(ReadOnlyMemory<byte> request) => _requests.Writer.TryWrite(request);

    /// <summary>Waits for the answers to all that was posted, and closes the connections.</summary>
    /// <exception cref="InvalidOperationException">Something was refused, or not answered in a minute: what was measured is not what was
    /// meant.</exception>
    public async Task FinishAsync()
    {
        _requests.Writer.TryComplete();
        try
        {
            await _working.WaitAsync(Deadline, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"Publications were not answered in {Deadline.TotalSeconds} seconds.", late);
        }

        if (_refused > 0)
        {
            throw new InvalidOperationException($"{_refused} publications were refused.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        Array.ForEach(_lines, line => line.Dispose());
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WorkAsync(HttpLine line)
    {
        using (line)
        {
            await foreach (var request in _requests.Reader.ReadAllAsync())
            {
                if (await line.SendAsync(request) is < 200 or > 299)
                {
                    Interlocked.Increment(ref _refused);
                }
            }
        }
    }
}
