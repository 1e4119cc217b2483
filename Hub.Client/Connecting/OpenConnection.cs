using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Client.Joining;
using RealtimeHub.Client.Receipts;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>A connection to the hub, from its opening to its end.</summary>
internal sealed class OpenConnection : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly AttemptSockets _sockets = new();
    private readonly MailboxTurn _mailbox;
    private readonly RenewalTimer _renewal;
    private readonly AnswerTimeout _timeout;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _moveAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastReceived;
    private Exception? _failure;
    private EndedException? _end;

    public OpenConnection(
        StockClient client, ConnectMode mode, string credential, Mailbox mailbox, ReconnectSecret secret, RenewalTimer renewal,
        TimeProvider time)
    {
        (_mailbox, _renewal, _timeout, _time) = (new MailboxTurn(mailbox), renewal, new AnswerTimeout(time), time);
        _hub = client.Build(mode, credential, _sockets, Look);
        _hub.Closed += OnClosed;
        _hub.On<Envelope>("Receive", _mailbox.ReceiveAsync);
        _hub.On<Dictionary<string, string>>("Heads", _mailbox.TakeHeadsAsync);
        _hub.On<ConnectedNotice>("Connected", notice => Take(notice, secret));
        _hub.On<JsonElement>("Renew", _ => renewal.SetDue());
        _hub.On("Move", () => _moveAsked.TrySetResult());
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it is over; null if it was closed without a reason, or is still open.</summary>
    public PushException? Reason => _end ?? (_failure is null ? null : PushException.From(_failure));

    /// <summary>When something last came in.</summary>
    public DateTimeOffset LastReceived => new(Volatile.Read(ref _lastReceived), TimeSpan.Zero);

    /// <summary>Whether the client itself has shown the secret that replaces this connection.</summary>
    public bool IsMoving { get; set; }

    /// <summary>Returns when the connection is open. If this throws, nothing is left open.</summary>
    public async Task OpenAsync(TimeSpan limit, CancellationToken stop)
    {
        try
        {
            await _timeout.WaitAsync(_hub.StartAsync, "The hub", limit, stop);
        }
        catch
        {
            await GiveUpAsync();
            throw;
        }
    }

    /// <summary>From now on what the client gets comes on this connection. What has come since it opened is taken in.</summary>
    public void TakeOver() => _mailbox.TakeOver();

    /// <summary>From now on it comes on another. Only transient messages may still be under way on this one alone.</summary>
    public void Leave() => _mailbox.Leave();

    public Task<ResumeAnswer> ResumeAsync(ResumeRequest request, CancellationToken cancellationToken) =>
        _hub.InvokeAsync<ResumeAnswer>("Resume", request, cancellationToken);

    /// <summary>Returns when the hub asks the client to move to another connection.</summary>
    public Task MoveAskedAsync(CancellationToken cancellationToken) => _moveAsked.Task.WaitAsync(cancellationToken);

    /// <summary>Returns when the connection is to be renewed.</summary>
    public Task RenewalDueAsync(CancellationToken cancellationToken) => _renewal.DueAsync(cancellationToken);

    /// <summary>Extends the connection with a fresh token.</summary>
    public async Task RenewAsync(string token, CancellationToken cancellationToken)
    {
        var answer = await _timeout.WaitAsync(
            either => _hub.InvokeAsync<RenewAnswer>("Renew", token, either), "The hub", AnswerTimeout.Default, cancellationToken);
        _renewal.SetLifetime(answer.TokenLifetimeSeconds);
    }

    /// <summary>Has the hub put the connection into a group. The mailbox knows then where the client stands there.</summary>
    /// <exception cref="GroupException">The hub says no.</exception>
    public async Task JoinAsync(string group, CancellationToken cancellationToken)
    {
        var answer = await CallAsync<JoinAnswer>("Join", group, cancellationToken);
        _mailbox.Join(Intent.AddressOf(group), answer?.Head);
    }

    /// <summary>Has the hub take the connection out of a group. If nothing else keeps it there, its position is forgotten.</summary>
    /// <exception cref="GroupException">The hub says no.</exception>
    public async Task LeaveAsync(string group, CancellationToken cancellationToken)
    {
        if (await CallAsync<LeaveAnswer>("Leave", group, cancellationToken) is { HasLeft: true })
        {
            _mailbox.LeaveGroup(Intent.AddressOf(group));
        }
    }

    /// <summary>Tells the hub how far the handlers have come. It does not answer.</summary>
    public Task TellHandledAsync(HandledRequest handled, CancellationToken cancellationToken) =>
        _hub.SendAsync("Handled", handled, cancellationToken);

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
        _mailbox.Leave();
        _renewal.Dispose();
        _sockets.Dispose();
        return _timeout.EndAsync(_hub.DisposeAsync().AsTask());
    }

    private async Task<T?> CallAsync<T>(string method, string group, CancellationToken cancellationToken)
    {
        try
        {
            return await _timeout.WaitAsync(
                either => _hub.InvokeAsync<T?>(method, group, either), "The hub", AnswerTimeout.Default, cancellationToken);
        }
        catch (HubException refusal) when (GroupException.IsFinal(refusal))
        {
            throw GroupException.Of(group, refusal);
        }
    }

    private void Take(ConnectedNotice notice, ReconnectSecret secret)
    {
        _renewal.SetLifetime(notice.TokenLifetimeSeconds);
        if (TokenProvider.FitsIntoHeader(notice.ReconnectSecret))
        {
            secret.Replace(notice.ReconnectSecret);
        }
    }

    private void Look(HubMessage message)
    {
        Volatile.Write(ref _lastReceived, _time.GetUtcNow().UtcTicks);
        if (message is InvocationMessage { Target: "Heads", Arguments: [IReadOnlyDictionary<string, string>] })
        {
            _mailbox.ExpectHeads();
        }
        else if (message is CloseMessage close)
        {
            _end = EndedException.Of(close.Error, close.AllowReconnect, IsMoving);
        }
    }

    private Task OnClosed(Exception? reason)
    {
        _failure = reason;
        return _closed.CancelAsync();
    }
}
