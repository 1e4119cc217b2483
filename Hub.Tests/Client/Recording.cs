using System.Threading.Channels;

namespace RealtimeHub.Tests.Client;

/// <summary>What has happened, in order, for a test to wait for.</summary>
internal sealed class Recording<T>
{
    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();

    public bool IsEmpty => !_channel.Reader.TryPeek(out _);

    public void Add(T happened) => _channel.Writer.TryWrite(happened);

    /// <summary>The next one, which must come within thirty seconds.</summary>
    public Task<T> NextAsync() => NextAsync(CancellationToken.None);

    public Task<T> NextAsync(CancellationToken cancellationToken) =>
        _channel.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    public async Task<IReadOnlyList<T>> NextAsync(int count)
    {
        var happened = new List<T>();
        while (happened.Count < count)
        {
            happened.Add(await NextAsync());
        }

        return happened;
    }

    /// <summary>The next one of a kind; those before it are passed over.</summary>
    public async Task<T> NextAsync(Func<T, bool> isWanted)
    {
        while (true)
        {
            if (await NextAsync() is var happened && isWanted(happened))
            {
                return happened;
            }
        }
    }
}
