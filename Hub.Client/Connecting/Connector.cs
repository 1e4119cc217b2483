using System.Net;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Opens connections to one hub, and remembers for ten minutes which mode got through last.</summary>
internal sealed class Connector(StockClient client, TokenProvider tokens, RenewalPolicy renewals, TimeProvider time)
{
    private static readonly ConnectMode[] BestFirst = [ConnectMode.WebSockets, ConnectMode.ServerSentEvents, ConnectMode.LongPolling];

    /// <summary>After this time a better mode is tried again, because the network may have changed.</summary>
    private static readonly TimeSpan ModeLifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A proxy that holds answers back stays silent. So, if there is another mode to try, silence counts as failure after this time.
    /// </summary>
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(5);

    private readonly AnswerTimeout _timeout = new(time);
    private (ConnectMode Mode, long Since)? _last;

    /// <summary>
    /// Makes one attempt: tries the modes in turn until one connects or the others cannot help. Each shows the secret, if there is one that
    /// the hub may know, and otherwise a token of its own.
    /// </summary>
    /// <param name="attempt">How many attempts were made since a connection last held.</param>
    /// <param name="secret">With what to come back.</param>
    /// <param name="mailbox">Where the connection puts its messages.</param>
    /// <param name="stop">Ends the attempt.</param>
    public Task<OpenConnection> ConnectAsync(int attempt, ReconnectSecret secret, Mailbox mailbox, CancellationToken stop) =>
        ConnectAsync(attempt, secret, () => TokenAsync(mailbox, stop), mailbox, stop);

    /// <summary>The same with nothing but the secret, beside a connection that is open.</summary>
    public Task<OpenConnection> MoveAsync(int attempt, ReconnectSecret secret, Mailbox mailbox, CancellationToken stop) =>
        ConnectAsync(attempt, secret, () => throw new ConnectionException("The hub does not know the client's secret."), mailbox, stop);

    private async Task<OpenConnection> ConnectAsync(
        int attempt, ReconnectSecret secret, Func<Task<string>> otherwise, Mailbox mailbox, CancellationToken stop)
    {
        List<PushException> failures = [];
        var modes = new Queue<ConnectMode>(Modes(attempt));
        while (true)
        {
            var known = secret.Value;
            var credential = known ?? await otherwise();
            try
            {
                var connection = await OpenAsync(modes.Peek(), credential, secret, mailbox, LimitOf(modes), stop);
                secret.Forget(credential);
                return connection;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                var reason = PushException.From(failure);
                if (known is not null && reason is RefusedException { Status: HttpStatusCode.Unauthorized })
                {
                    secret.Forget(known);
                    continue;
                }

                failures.Add(reason);
                modes.Dequeue();
                if (modes.Count == 0 || !MayPassOtherwise(reason))
                {
                    throw PushException.MostTelling(failures);
                }
            }
        }
    }

    private async Task<OpenConnection> OpenAsync(
        ConnectMode mode, string credential, ReconnectSecret secret, Mailbox mailbox, TimeSpan limit, CancellationToken stop)
    {
        var renewal = new RenewalTimer(renewals, time);
        var connection = new OpenConnection(client, mode, credential, mailbox, secret, renewal, time);
        await connection.OpenAsync(limit, stop);
        Remember(mode);
        return connection;
    }

    private async Task<string> TokenAsync(Mailbox mailbox, CancellationToken stop)
    {
        var token = await tokens.GetAsync(stop);
        mailbox.Adopt(token.Cursors);
        return token.Value;
    }

    private static TimeSpan LimitOf(Queue<ConnectMode> modes) => modes.Count > 1 ? SilenceTimeout : AnswerTimeout.Default;

    /// <summary>A hub that refuses would refuse on every transport, and a hub that is not there has none.</summary>
    private static bool MayPassOtherwise(PushException reason) => reason switch
    {
        RefusedException refusal => refusal.IsOfTransport,
        ConnectionException broken => !broken.IsForEveryTransport,
        _ => false,
    };

    /// <summary>
    /// Right after a drop, only the mode that worked is tried. That spares the hub many requests when all clients return at once.
    /// </summary>
    private ConnectMode[] Modes(int attempt) => _last switch
    {
        { } last when time.GetElapsedTime(last.Since) >= ModeLifetime => BestFirst,
        { } last when attempt <= 1 => [last.Mode],
        { } last => [last.Mode, .. BestFirst.Where(mode => mode != last.Mode)],
        null => BestFirst,
    };

    /// <summary>Keeps the time at which the mode was found: a reconnect in the same mode does not restart the ten minutes.</summary>
    private void Remember(ConnectMode mode)
    {
        if (_last is not { } last || last.Mode != mode || time.GetElapsedTime(last.Since) >= ModeLifetime)
        {
            _last = (mode, time.GetTimestamp());
        }
    }
}
