using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>A connection to the hub, from its opening to its end.</summary>
internal sealed class OpenConnection : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly AttemptSockets _sockets = new();
    private readonly AnswerTimeout _timeout;
    private readonly CancellationTokenSource _closed = new();
    private readonly Mailbox _mailbox;
    private Exception? _failure;
    private EndedException? _end;

    private OpenConnection(StockClient client, ConnectMode mode, string token, AnswerTimeout timeout, Mailbox mailbox)
    {
        (_timeout, _mailbox) = (timeout, mailbox);
        _hub = client.Build(mode, token, _sockets, Look);
        _hub.Closed += OnClosed;
        _hub.On<Envelope>("Receive", mailbox.Receive);
        _hub.On<Dictionary<string, string>>("Heads", mailbox.TakeHeads);
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it is over; null if it was closed without a reason, or is still open.</summary>
    public PushException? Reason => _end ?? (_failure is null ? null : PushException.From(_failure));

    /// <summary>Returns when the connection is open. If this throws, nothing is left open.</summary>
    public static async Task<OpenConnection> OpenAsync(
        StockClient client, ConnectMode mode, string token, Mailbox mailbox, AnswerTimeout timeout, TimeSpan limit, CancellationToken stop)
    {
        var connection = new OpenConnection(client, mode, token, timeout, mailbox);
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

    private void Look(HubMessage message)
    {
        if (message is InvocationMessage { Target: "Heads", Arguments: [IReadOnlyDictionary<string, string>] })
        {
            _mailbox.ExpectHeads();
        }
        else if (message is CloseMessage close)
        {
            _end = EndedException.Of(close.Error, close.AllowReconnect);
        }
    }

    private Task OnClosed(Exception? reason)
    {
        _failure = reason;
        return _closed.CancelAsync();
    }
}
