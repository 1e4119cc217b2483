namespace RealtimeHub.Bench.Load;

/// <summary>No protocol inside of the WebSocket: a text frame is a message, and whose upgrade was accepted is ready.</summary>
internal sealed class BareDialect : IDialect
{
    public byte[]? KeepAlive => null;

    public string Path(string token) => $"/hub?access_token={token}";

    public void Open(LoadClient client) => client.Ready();

    public void Take(LoadClient client, ReadOnlySpan<byte> text) => client.Got(text);
}
