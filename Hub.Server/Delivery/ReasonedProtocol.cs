using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Authentication.Binding;

namespace RealtimeHub.Delivery;

/// <summary>
/// The hub protocol as one connection speaks it: what SignalR says as it closes the connection, it says with the reason. It sees what
/// SignalR ends a connection for by itself, a message that is none, one that is too large, silence; and what the host's own code does to
/// it.
/// </summary>
/// <param name="context">The connection, as SignalR knows it.</param>
/// <param name="connection">The connection, as the hub does.</param>
/// <param name="options">What is too large, and how long is too long.</param>
/// <param name="callsPerSecond">How many messages are too many; 0 if none are.</param>
internal sealed class ReasonedProtocol(
    HubConnectionContext context, ClientConnection connection, HubOptions options, int callsPerSecond) : IHubProtocol
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly IHubProtocol _inner = context.Protocol;

    // SignalR measures silence by the machine's clock, whatever clock the host has.
    private long _receivedAt = TimeProvider.System.GetTimestamp();

    private long _nextCallAt;

    private bool _isClosedByClient;

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
                _isClosedByClient |= message is CloseMessage;
                Count();
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

    /// <summary>Takes note of what SignalR says, or would say, as it closes the connection.</summary>
    public void Observe(CloseMessage close)
    {
        if (ReasonFor(close) is { } reason)
        {
            connection.End(reason);
        }
    }

    /// <exception cref="InvalidDataException">It was one too many. SignalR closes the connection for it.</exception>
    private void Count()
    {
        if (callsPerSecond > 0
            && CellRate.Take(ref _nextCallAt, _receivedAt, TimeProvider.System.TimestampFrequency / callsPerSecond, callsPerSecond) > 0)
        {
            connection.End(CloseReason.TooManyCalls);
            throw new InvalidDataException(CloseReason.TooManyCalls.ToString());
        }
    }

    private HubMessage Reasoned(HubMessage message)
    {
        if (message is not CloseMessage close)
        {
            return message;
        }

        Observe(close);
        return connection.Reason?.Message ?? message;
    }

    private CloseReason? ReasonFor(CloseMessage close) =>
        close.Error is not null && IsSilent() ? CloseReason.ClientSilent
        : OpenOnceFilter.HasEnded(context) ? CloseReason.Superseded
        : close.AllowReconnect || IsClosedByClient() ? null
        : close.Error is null ? CloseReason.HostAborted
        : CloseReason.HostFailed;

    // SignalR aborts the connection of a client that has closed it, or is gone, as a host aborts one.
    private bool IsClosedByClient() => _isClosedByClient
        || context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed.IsCancellationRequested == true;

    private bool IsSilent() => TimeProvider.System.GetElapsedTime(_receivedAt) >= (options.ClientTimeoutInterval ?? DefaultTimeout);
}
