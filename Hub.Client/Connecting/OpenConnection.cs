using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>A connection to the hub, from its opening to its end.</summary>
internal sealed class OpenConnection : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly CancellationTokenSource _closed = new();
    private Exception? _reason;

    private OpenConnection(HubConnection hub, Mailbox mailbox)
    {
        _hub = hub;
        _hub.Closed += OnClosed;
        _hub.On<PushMessage>("Receive", mailbox.Receive);
        _hub.On<Dictionary<string, string>>("Heads", mailbox.Compare);
    }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it is over; null if it was closed without a reason, or still stands.</summary>
    public PushException? Reason => _reason is null ? null : PushException.From(_reason);

    public static async Task<OpenConnection> OpenAsync(HubConnection hub, Mailbox mailbox, Patience patience, CancellationToken stop)
    {
        var connection = new OpenConnection(hub, mailbox);
        try
        {
            mailbox.BeginConnection();
            await patience.WaitAsync(hub.StartAsync, stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<ResumeAnswer> ResumeAsync(ResumeRequest request, CancellationToken cancellationToken) =>
        _hub.InvokeAsync<ResumeAnswer>("Resume", request, cancellationToken);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private Task OnClosed(Exception? reason)
    {
        _reason = reason;
        return _closed.CancelAsync();
    }
}
