using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>A connection to the hub, from its opening to its end.</summary>
internal sealed class OpenConnection : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly AttemptSockets _sockets;
    private readonly AnswerTimeout _timeout;
    private readonly CancellationTokenSource _closed = new();
    private Exception? _reason;

    private OpenConnection(HubConnection hub, AttemptSockets sockets, AnswerTimeout timeout, Mailbox mailbox)
    {
        (_hub, _sockets, _timeout) = (hub, sockets, timeout);
        _hub.Closed += OnClosed;
        _hub.On<Envelope>("Receive", mailbox.Receive);
        _hub.On<Dictionary<string, string>>("Heads", mailbox.TakeHeads);
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it is over; null if it was closed without a reason, or is still open.</summary>
    public PushException? Reason => _reason is null ? null : EndedException.Of(_reason) ?? PushException.From(_reason);

    /// <summary>Returns when the connection is open. If this throws, nothing is left open.</summary>
    public static async Task<OpenConnection> OpenAsync(
        StockClient client, ConnectMode mode, string token, Mailbox mailbox, AnswerTimeout timeout, TimeSpan limit, CancellationToken stop)
    {
        var sockets = new AttemptSockets();
        var connection = new OpenConnection(client.Build(mode, token, sockets, mailbox.ExpectHeads), sockets, timeout, mailbox);
        try
        {
            mailbox.BeginConnection();
            await timeout.WaitAsync(connection._hub.StartAsync, "The hub", limit, stop);
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

    /// <summary>
    /// Closes the connection with the closing handshake, if the other side still answers, and then all that is left of it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var closing = _hub.DisposeAsync().AsTask();
        await _timeout.EndAsync(closing);
        _sockets.Dispose();
        await _timeout.EndAsync(closing);
    }

    /// <summary>Closes the sockets first, because disposing waits for what still waits for one of them.</summary>
    private Task GiveUpAsync()
    {
        _sockets.Dispose();
        return _timeout.EndAsync(_hub.DisposeAsync().AsTask());
    }

    private Task OnClosed(Exception? reason)
    {
        _reason = reason;
        return _closed.CancelAsync();
    }
}
