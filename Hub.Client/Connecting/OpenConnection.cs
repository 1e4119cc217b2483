using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>A connection to the hub, from its opening to its end.</summary>
internal sealed class OpenConnection : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly Wires _wires;
    private readonly Patience _patience;
    private readonly CancellationTokenSource _closed = new();
    private Exception? _reason;

    private OpenConnection(HubConnection hub, Wires wires, Patience patience, Mailbox mailbox)
    {
        (_hub, _wires, _patience) = (hub, wires, patience);
        _hub.Closed += OnClosed;
        _hub.On<Arrival>("Receive", mailbox.Receive);
        _hub.On<Dictionary<string, string>>("Heads", mailbox.Compare);
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it is over; null if it was closed without a reason, or still stands.</summary>
    public PushException? Reason => _reason is null ? null : PushException.From(_reason);

    /// <summary>Returns when the connection stands. One that does not come about has left nothing behind when this throws.</summary>
    public static async Task<OpenConnection> OpenAsync(
        StockClient client, ConnectMode mode, string token, Mailbox mailbox, Patience patience, TimeSpan limit, CancellationToken stop)
    {
        var wires = new Wires();
        var connection = new OpenConnection(client.Build(mode, token, wires), wires, patience, mailbox);
        try
        {
            mailbox.BeginConnection();
            await patience.WaitAsync(connection._hub.StartAsync, "The hub", limit, stop);
            return connection;
        }
        catch
        {
            await connection.GiveUpAsync();
            throw;
        }
    }

    public Task<ResumeAnswer> ResumeAsync(ResumeRequest request, CancellationToken cancellationToken) =>
        _hub.InvokeAsync<ResumeAnswer>("Resume", request, cancellationToken);

    /// <summary>Says goodbye, if the other side still listens, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        var goodbye = _hub.DisposeAsync().AsTask();
        await _patience.EndAsync(goodbye);
        _wires.Dispose();
        await _patience.EndAsync(goodbye);
    }

    /// <summary>The sockets first: what still waits for one would otherwise be waited for.</summary>
    private Task GiveUpAsync()
    {
        _wires.Dispose();
        return _patience.EndAsync(_hub.DisposeAsync().AsTask());
    }

    private Task OnClosed(Exception? reason)
    {
        _reason = reason;
        return _closed.CancelAsync();
    }
}
