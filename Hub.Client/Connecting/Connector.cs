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
    /// Makes one attempt: tries the modes in turn, each with a token of its own, until one connects or the others cannot help.
    /// </summary>
    /// <param name="attempt">How many attempts were made since a connection last held.</param>
    /// <param name="mailbox">Where the connection puts its messages.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async Task<OpenConnection> ConnectAsync(int attempt, Mailbox mailbox, CancellationToken stop)
    {
        List<PushException> failures = [];
        var modes = new Queue<ConnectMode>(Modes(attempt));
        while (true)
        {
            var mode = modes.Dequeue();
            var token = await tokens.GetAsync(stop);
            mailbox.Adopt(token.Cursors);
            try
            {
                var connection = new OpenConnection(client, mode, token.Value, mailbox, new RenewalTimer(renewals, time), _timeout);
                await connection.OpenAsync(LimitOf(modes), stop);
                Remember(mode);
                return connection;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                failures.Add(PushException.From(failure));
                if (modes.Count == 0 || !MayPassOtherwise(failures[^1]))
                {
                    throw PushException.MostTelling(failures);
                }
            }
        }
    }

    private static TimeSpan LimitOf(Queue<ConnectMode> others) => others.Count > 0 ? SilenceTimeout : AnswerTimeout.Default;

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
