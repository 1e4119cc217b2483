using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>A call on clients, in SignalR's JSON hub protocol, encoded once for all connections that it is written to.</summary>
internal sealed class Outgoing(ReadOnlyMemory<byte> call)
{
    /// <summary>The only hub protocol of the push hub: a message reaches the client in the bytes that its publisher wrote.</summary>
    public const string Protocol = "json";

    /// <summary>Asks a client to close its connection, and to come again if it likes.</summary>
    public static readonly Outgoing Close = new("{\"type\":7,\"allowReconnect\":true}\u001e"u8.ToArray());

    public int Size => call.Length;

    public SerializedHubMessage Message { get; } = new([new SerializedMessage(Protocol, call)]);

    /// <summary>The call of <c>Receive</c>.</summary>
    public static Outgoing Receive(RoutedMessage message)
    {
        ReadOnlySpan<byte> begin = """{"type":1,"target":"Receive","arguments":["""u8, end = "]}\u001e"u8;
        return new Outgoing((byte[])[.. begin, .. message.Opening(), .. message.Body.Span, .. end]);
    }
}
