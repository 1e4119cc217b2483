using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Authentication.Binding;

namespace RealtimeHub.Delivery;

/// <summary>
/// The hub protocol as one connection speaks it: what SignalR says as it closes the connection, it says with the reason. It sees what
/// SignalR ends a connection for by itself: a message that is none, one that is too large, silence.
/// </summary>
/// <param name="context">The connection, as SignalR knows it.</param>
/// <param name="connection">The connection, as the hub does.</param>
/// <param name="options">What is too large, and how long is too long.</param>
internal sealed class ReasonedProtocol(HubConnectionContext context, ClientConnection connection, HubOptions options) : IHubProtocol
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly IHubProtocol _inner = context.Protocol;

    // SignalR measures silence by the machine's clock, whatever clock the host has.
    private long _receivedAt = TimeProvider.System.GetTimestamp();

    public string Name => _inner.Name;

    public int Version => _inner.Version;

    public TransferFormat TransferFormat => _inner.TransferFormat;

    public bool IsVersionSupported(int version) => _inner.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        var size = input.Length;
        try
        {
            _receivedAt = TimeProvider.System.GetTimestamp();
            if (_inner.TryParseMessage(ref input, binder, out message))
            {
                return true;
            }
        }
        catch (InvalidDataException)
        {
            connection.End(CloseReason.MessageInvalid);
            throw;
        }

        // SignalR shows no more than the largest message. If none ends there, it refuses what comes.
        if (size == options.MaximumReceiveMessageSize)
        {
            connection.End(CloseReason.MessageInvalid);
        }

        return false;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _inner.WriteMessage(Reasoned(message), output);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _inner.GetMessageBytes(Reasoned(message));

    private HubMessage Reasoned(HubMessage message)
    {
        if (message is not CloseMessage close)
        {
            return message;
        }

        if (close.Error is not null && IsSilent())
        {
            connection.End(CloseReason.ClientSilent);
        }
        else if (OpenOnceFilter.HasEnded(context))
        {
            connection.End(CloseReason.Superseded);
        }

        return connection.Reason?.Message ?? message;
    }

    private bool IsSilent() => TimeProvider.System.GetElapsedTime(_receivedAt) >= (options.ClientTimeoutInterval ?? DefaultTimeout);
}
