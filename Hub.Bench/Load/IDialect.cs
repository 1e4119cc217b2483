namespace RealtimeHub.Bench.Load;

/// <summary>What a system's clients say inside of the WebSocket.</summary>
internal interface IDialect
{
    /// <summary>Path and query that open a WebSocket, with a token.</summary>
    string Path(string token);

    /// <summary>What the client says when the WebSocket is open.</summary>
    void Open(LoadClient client);

    /// <summary>Takes a text frame in: answers it, or tells the client that it is ready or has a message.</summary>
    void Take(LoadClient client, ReadOnlySpan<byte> text);

    /// <summary>What the client says of the messages that it has handled; null if the system does not ask.</summary>
    byte[]? Handled(LoadClient client, string after, string upTo) => null;

    /// <summary>What the client says every ten seconds to be taken for living; null if it need not.</summary>
    byte[]? KeepAlive { get; }
}
