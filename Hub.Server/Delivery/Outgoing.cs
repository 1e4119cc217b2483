using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>A call on clients, in SignalR's JSON hub protocol, encoded once for all connections that it is written to.</summary>
internal sealed class Outgoing(ReadOnlyMemory<byte> call)
{
    /// <summary>The only hub protocol of the push hub: a message reaches the client in the bytes that its publisher wrote.</summary>
    public const string Protocol = "json";

    private static readonly JsonHubProtocol Json = new();

    public int Size => call.Length;

    public SerializedHubMessage Message { get; } = new([new SerializedMessage(Protocol, call)]);

    /// <summary>Asks a client to close its connection, and says why and whether it may come again.</summary>
    public static Outgoing Close(CloseReason reason) => new(Json.GetMessageBytes(reason.Message));

    /// <summary>The call of <c>Receive</c>.</summary>
    public static Outgoing Receive(RoutedMessage message)
    {
        ReadOnlySpan<byte> begin = """{"type":1,"target":"Receive","arguments":["""u8, end = "]}\u001e"u8;
        return new Outgoing((byte[])[.. begin, .. message.Opening(), .. message.Body.Span, .. end]);
    }
}
