using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Joining;

/// <summary>
/// The groups that the application wants the client to be in, by address. The newest connection joins and leaves until it is in just these:
/// of what is said of one group, the last counts. The positions there are kept from one connection to the next.
/// </summary>
/// <param name="delay">How long to wait after so many failures in a row, the first of which is 0.</param>
/// <param name="errors">Told of a group that the client was in, and may not join again.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class JoinedGroups(Func<int, TimeSpan> delay, HandlerErrors errors, TimeProvider time, ILogger logger)
{
    /// <summary>The hub carries out the calls of a connection one after the other, and each is to be answered in time.</summary>
    private const int MostAtOnce = 5;

    private readonly AsyncMonitor _monitor = new();
    private readonly OrderedDictionary<string, Intent> _intents = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _wanted = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Of the newest connection, while it is open.</summary>
    private Membership? _membership;

    /// <summary>Whether an address is that of a group that the client is to be in. Takes no lock.</summary>
    public bool IsWanted(string address) => Volatile.Read(ref _wanted).Contains(address);

    /// <summary>Returns when the client is in the group.</summary>
    /// <exception cref="PushException">It is refused, or was left or stopped before.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before, and is left.</exception>
    public async Task JoinAsync(string group, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var joined = Intend(group, isWanted: true);
        try
        {
            await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Withdraw(group, joined);
            throw;
        }
    }

    /// <summary>Returns when the client is in the group no more.</summary>
    public Task LeaveAsync(string group, CancellationToken cancellationToken) =>
        Intend(group, isWanted: false).WaitAsync(cancellationToken);

    /// <summary>From now on it is this connection that is to be in the groups.</summary>
    public Membership Follow(GroupCalls calls)
    {
        var membership = new Membership(calls, time);
        Replace(membership);
        return membership;
    }

    /// <summary>The connection is over, or another will be in the groups.</summary>
    public void Unfollow() => Replace(null);

    /// <summary>The connection goes on by another token, which may allow less.</summary>
    public void Renewed()
    {
        lock (_monitor.Lock)
        {
            _membership?.Expire();
            _monitor.Pulse();
        }
    }

    /// <summary>The client stops: no group is wanted any more.</summary>
    public void End(PushException error)
    {
        lock (_monitor.Lock)
        {
            foreach (var intent in _intents.Values)
            {
                intent.Cancel(error);
            }

            _intents.Clear();
            _wanted = _wanted.Clear();
            _membership = null;
        }
    }

    /// <summary>Whether the hub has to be asked, or is being asked.</summary>
    public bool IsBehind(Membership membership)
    {
        lock (_monitor.Lock)
        {
            return DueOn(membership).Any();
        }
    }

    /// <summary>Has the connection be in the groups, and follow what the application says, until it is over.</summary>
    /// <exception cref="PushException">
    /// As it opened, a call has failed that may go well later. Afterwards, such a call is tried again instead.
    /// </exception>
    /// <exception cref="OperationCanceledException">It is over.</exception>
    public async Task RunAsync(Membership membership, CancellationToken over)
    {
        await CatchUpAsync(membership, over);
        membership.SetJoined();
        for (var attempt = 0; ; attempt++)
        {
            await _monitor.WaitAsync(() => DueOn(membership).Any(), over);
            attempt = await TryAsync(membership, attempt, over) ? -1 : attempt;
        }
    }

    private async Task CatchUpAsync(Membership membership, CancellationToken over)
    {
        while (IsBehind(membership))
        {
            var calls = Take(membership);
            await (calls.Count > 0
                ? Task.WhenAll(calls.Select(intent => CallAsync(membership, intent, over)))
                : Task.Delay(membership.Rate.Wait, time, over));
        }
    }

    /// <returns>False if a call has failed, and the wait is over.</returns>
    private async Task<bool> TryAsync(Membership membership, int attempt, CancellationToken over)
    {
        try
        {
            await CatchUpAsync(membership, over);
            return true;
        }
        catch (Exception failure) when (!over.IsCancellationRequested)
        {
            var wait = delay(attempt);
            var pause = Task.Delay(wait, time, over);
            Log.NotJoined(logger, wait, failure.Message, failure);
            await pause;
            return false;
        }
    }

    private async Task CallAsync(Membership membership, Intent intent, CancellationToken over)
    {
        GroupException? refusal = null;
        try
        {
            await (intent.IsWanted ? membership.Calls.JoinAsync : membership.Calls.LeaveAsync)(intent.Group, over);
        }
        catch (GroupException refused)
        {
            refusal = refused;
        }

        if (!Note(membership, intent, refusal))
        {
            _ = errors.ReportAsync(refusal!);
        }
    }

    /// <summary>
    /// Takes note of the hub's answer. What was said meanwhile, or is asked for on another connection, is not what was refused.
    /// </summary>
    /// <returns>False if the hub has refused it, and nobody waits for that.</returns>
    private bool Note(Membership membership, Intent intent, GroupException? refusal)
    {
        lock (_monitor.Lock)
        {
            var isTold = true;
            membership.Answered(intent.IsWanted && refusal is null, intent.Address);
            if (refusal is not null && membership == _membership && _intents.GetValueOrDefault(intent.Address) == intent)
            {
                _intents.Remove(intent.Address);
                _wanted = _wanted.Remove(intent.Address);
                isTold = intent.Refuse(refusal);
            }

            Settle(intent.Address);
            return isTold;
        }
    }

    private Task Intend(string group, bool isWanted)
    {
        lock (_monitor.Lock)
        {
            var intent = Change(group, isWanted);
            var done = intent.Done;
            Settle(intent.Address);
            _monitor.Pulse();
            return done;
        }
    }

    private Intent Change(string group, bool isWanted)
    {
        var intent = new Intent(group, isWanted);
        if (_intents.TryGetValue(intent.Address, out var before) && before.IsWanted == isWanted)
        {
            return before;
        }

        _intents[intent.Address] = intent;
        _wanted = isWanted ? _wanted.Add(intent.Address) : _wanted.Remove(intent.Address);
        before?.Cancel(GroupException.Left(group));
        return intent;
    }

    /// <summary>Leaves what was not joined in time, unless it has been joined in this very moment.</summary>
    private void Withdraw(string group, Task joined)
    {
        lock (_monitor.Lock)
        {
            if (_intents.GetValueOrDefault(Intent.AddressOf(group))?.IsAwaitedBy(joined) == true)
            {
                Settle(Change(group, isWanted: false).Address);
                _monitor.Pulse();
            }
        }
    }

    private void Replace(Membership? membership)
    {
        lock (_monitor.Lock)
        {
            _membership = membership;
            foreach (var address in _intents.Keys.ToArray())
            {
                Settle(address);
            }
        }
    }

    /// <summary>Ends an intent that has come to pass. Without a connection, the client is in no group.</summary>
    private void Settle(string address)
    {
        if (_intents.TryGetValue(address, out var intent) && (_membership?.Is(intent.IsWanted, address) ?? !intent.IsWanted))
        {
            intent.Complete();
            _ = !intent.IsWanted && _intents.Remove(address);
        }
    }

    /// <summary>What is to be called now: a part of what is due, or nothing for a moment.</summary>
    private List<Intent> Take(Membership membership)
    {
        lock (_monitor.Lock)
        {
            List<Intent> due = [.. DueOn(membership).Take(MostAtOnce)];
            var allowed = due[..membership.Rate.Take(due.Count)];
            allowed.ForEach(intent => membership.Ask(intent.Address));
            return allowed;
        }
    }

    private IEnumerable<Intent> DueOn(Membership membership) => membership == _membership
        ? _intents.Values.Where(intent => !membership.Is(intent.IsWanted, intent.Address))
        : [];

    private static partial class Log
    {
        [LoggerMessage(60, LogLevel.Warning, "The client is not in its groups yet. The next attempt begins in {Delay}. {Reason}", EventName = "NotJoinedYet")]
        public static partial void NotJoined(ILogger logger, TimeSpan delay, string reason, Exception error);
    }
}
