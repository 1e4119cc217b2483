using System.Text.Json;
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
    private readonly RenewalTimer _renewal;
    private Exception? _failure;
    private EndedException? _end;

    public OpenConnection(
        StockClient client, ConnectMode mode, string token, Mailbox mailbox, RenewalTimer renewal, AnswerTimeout timeout)
    {
        (_mailbox, _renewal, _timeout) = (mailbox, renewal, timeout);
        _hub = client.Build(mode, token, _sockets, Look);
        _hub.Closed += OnClosed;
        _hub.On<Envelope>("Receive", mailbox.Receive);
        _hub.On<Dictionary<string, string>>("Heads", mailbox.TakeHeads);
        _hub.On<ConnectedNotice>("Connected", notice => renewal.SetLifetime(notice.TokenLifetimeSeconds));
        _hub.On<JsonElement>("Renew", _ => renewal.SetDue());
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it is over; null if it was closed without a reason, or is still open.</summary>
    public PushException? Reason => _end ?? (_failure is null ? null : PushException.From(_failure));

    /// <summary>Returns when the connection is open. If this throws, nothing is left open.</summary>
    public async Task OpenAsync(TimeSpan limit, CancellationToken stop)
    {
        try
        {
            _mailbox.BeginConnection();
            await _timeout.WaitAsync(_hub.StartAsync, "The hub", limit, stop);
        }
        catch
        {
            await GiveUpAsync();
            throw;
        }
    }

    public Task<ResumeAnswer> ResumeAsync(ResumeRequest request, CancellationToken cancellationToken) =>
        _hub.InvokeAsync<ResumeAnswer>("Resume", request, cancellationToken);

    /// <summary>Returns when the connection is to be renewed.</summary>
    public Task RenewalDueAsync(CancellationToken cancellationToken) => _renewal.DueAsync(cancellationToken);

    /// <summary>Extends the connection with a fresh token.</summary>
    public async Task RenewAsync(string token, CancellationToken cancellationToken)
    {
        var answer = await _timeout.WaitAsync(
            either => _hub.InvokeAsync<RenewAnswer>("Renew", token, either), "The hub", AnswerTimeout.Default, cancellationToken);
        _renewal.SetLifetime(answer.TokenLifetimeSeconds);
    }

    /// <summary>
    /// Closes the connection with the closing handshake, if the other side still answers, and then all that is left of it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _renewal.Dispose();
        var closing = _hub.DisposeAsync().AsTask();
        await _timeout.EndAsync(closing);
        _sockets.Dispose();
        await _timeout.EndAsync(closing);
    }

    /// <summary>Closes the sockets first, because disposing waits for what still waits for one of them.</summary>
    private Task GiveUpAsync()
    {
        _renewal.Dispose();
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
