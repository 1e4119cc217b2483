using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// SignalR's JSON protocol ends the connection at a frame that it cannot read. This one skips the frame and reports it: otherwise the frame
/// would end every later connection too, since it would be sent again.
/// </summary>
/// <param name="unreadable">Told of each frame that is skipped.</param>
/// <param name="read">
/// Told of each message that could be read, before the stock client acts on it. What comes in one piece with the answer to the handshake is
/// read before the stock client's start ends, and acted on at some time after.
/// </param>
internal sealed class ForgivingProtocol(Action<UnreadableException> unreadable, Action<HubMessage> read) : IHubProtocol
{
    private const byte EndOfFrame = 0x1e;

    private readonly JsonHubProtocol _json =
        new(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = ClientJson.Default.Options }));

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(message, output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (input.PositionOf(EndOfFrame) is not { } end)
        {
            return false;
        }

        var next = input.GetPosition(1, end);
        var frame = DeepPayloads.TakenOutOf(input.Slice(0, next), end);
        input = input.Slice(next);
        message = Parse(frame, binder);
        return true;
    }

    /// <summary>Stands for a frame that is skipped, since a ping has no effect.</summary>
    private HubMessage Parse(ReadOnlySequence<byte> frame, IInvocationBinder binder)
    {
        try
        {
            if (!_json.TryParseMessage(ref frame, binder, out var message))
            {
                return PingMessage.Instance;
            }

            read(message);
            ReportDropped(message);
            return message;
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException)
        {
            unreadable(new UnreadableException(failure));
            return PingMessage.Instance;
        }
    }

    /// <summary>The stock client would drop these silently.</summary>
    private void ReportDropped(HubMessage message)
    {
        if (message is InvocationMessage { Arguments: [Envelope { Address: null }] })
        {
            unreadable(new UnreadableException());
        }
        else if (message is InvocationBindingFailureMessage { Target: "Receive" or "Heads" or "Connected" or "Renew" } failure)
        {
            unreadable(new UnreadableException(failure.BindingFailure.SourceException));
        }
    }
}
