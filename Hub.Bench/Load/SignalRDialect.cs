namespace RealtimeHub.Bench.Load;

/// <summary>
/// SignalR's JSON hub protocol: ready when the handshake is answered, which is when a stock client's <c>start()</c> resolves.
/// </summary>
internal class SignalRDialect : IDialect
{
    private const byte RecordEnd = 0x1e;

    private static readonly byte[] Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray();
    private static readonly byte[] Ping = "{\"type\":6}\u001e"u8.ToArray();

    public byte[]? KeepAlive => Ping;

    public virtual string Path(string token) => $"/hub?access_token={token}";

    public void Open(LoadClient client) => client.Send(Handshake);

    public void Take(LoadClient client, ReadOnlySpan<byte> text)
    {
        while (text.IndexOf(RecordEnd) is >= 0 and var end)
        {
            var record = text[..end];
            text = text[(end + 1)..];
            TakeRecord(client, record, text);
        }
    }

    /// <inheritdoc/>
    public virtual byte[]? Handled(LoadClient client, string after, string upTo) => null;

    /// <summary>The handshake was answered.</summary>
    /// <param name="client">The client.</param>
    /// <param name="behind">What came behind the answer in the same message of the WebSocket.</param>
    protected virtual void Opened(LoadClient client, ReadOnlySpan<byte> behind) => client.Ready();

    /// <summary>The hub calls the client.</summary>
    protected virtual void Called(LoadClient client, ReadOnlySpan<byte> invocation) => client.Got(invocation);

    /// <summary>A call of a hub method was answered.</summary>
    protected virtual void Answered(LoadClient client, ReadOnlySpan<byte> completion)
    {
    }

    private void TakeRecord(LoadClient client, ReadOnlySpan<byte> record, ReadOnlySpan<byte> behind)
    {
        if (record.StartsWith("{\"type\":1,"u8))
        {
            Called(client, record);
        }
        else if (record.StartsWith("{\"type\":3,"u8))
        {
            Answered(client, record);
        }
        else if (record.SequenceEqual("{}"u8))
        {
            Opened(client, behind);
        }
    }
}
