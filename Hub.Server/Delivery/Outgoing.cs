using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>A call on clients, in SignalR's JSON hub protocol, encoded once for all connections that it is written to.</summary>
internal sealed class Outgoing(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The only hub protocol of the push hub: a message reaches the client in the bytes that its publisher wrote.</summary>
    public const string Protocol = "json";

    private static readonly JsonHubProtocol Json = new();

    /// <summary>It begins to wait as soon as it is encoded.</summary>
    private readonly long _since = Environment.TickCount64;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public int Size => bytes.Length;

    public SerializedHubMessage Message { get; } = Together(bytes);

    /// <summary>Whether it has waited for longer than this, by the machine's clock.</summary>
    public bool IsOlderThan(TimeSpan age) => Environment.TickCount64 - _since > age.TotalMilliseconds;

    /// <summary>Asks a client to close its connection, and says why and whether it may come again.</summary>
    public static Outgoing Close(CloseReason reason) => new(Json.GetMessageBytes(reason.Message));

    /// <summary>Calls that stand one behind the other, to be written at once.</summary>
    public static SerializedHubMessage Together(ReadOnlyMemory<byte> calls) => new([new SerializedMessage(Protocol, calls)]);

    /// <summary>The calls of <c>Receive</c>, one for each message, in their order.</summary>
    public static Outgoing Receive(ReadOnlySpan<RoutedMessage> messages) => Receive(messages, withTraces: false);

    /// <summary>The same for clients that are told where publishers stand in traces; null if none of these does.</summary>
    public static Outgoing? ReceiveTraced(ReadOnlySpan<RoutedMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message.TraceParent is not null)
            {
                return Receive(messages, withTraces: true);
            }
        }

        return null;
    }

    private static Outgoing Receive(ReadOnlySpan<RoutedMessage> messages, bool withTraces)
    {
        var (size, opening) = (0, RoutedMessage.MaxOpening + (withTraces ? RoutedMessage.MaxTrace : 0));
        foreach (var message in messages)
        {
            size += Begin.Length + opening + message.Body.Length + End.Length;
        }

        var calls = new byte[size];
        var rest = calls.AsSpan();
        foreach (var message in messages)
        {
            rest = Write(Begin, rest);
            rest = rest[message.WriteOpening(rest, withTraces)..];
            rest = Write(End, Write(message.Body.Span, rest));
        }

        return new Outgoing(calls.AsMemory(0, size - rest.Length));
    }

    private static ReadOnlySpan<byte> Begin => """{"type":1,"target":"Receive","arguments":["""u8;

    private static ReadOnlySpan<byte> End => "]}\u001e"u8;

    private static Span<byte> Write(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        bytes.CopyTo(to);
        return to[bytes.Length..];
    }
}
