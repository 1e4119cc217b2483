using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Routing;

/// <summary>
/// Logs in this process's memory, with the same promises as in Redis for the one node that there is: every route leads to it.
/// </summary>
internal sealed class InMemoryRouter(
    LocalInbox local, InMemoryDirectory directory, ILastingGroups groups, IOptions<RoutingOptions> options, TimeProvider time,
    NodeId? node = null)
    : IMessageRouter
{
    private readonly ConcurrentDictionary<Address, InMemoryLog> _logs = [];
    private readonly SweepInterval _sweep = new(TimeSpan.FromMinutes(1));

    public async Task<AttachResult> AttachAsync(
        Address address, string connectionId, Cursor? known = null, ConnectionDetails? details = null,
        ReadOnlyMemory<byte> record = default)
    {
        var result = directory.Enter(address, connectionId, details, record);
        return result.IsAttached
            ? result with { Head = await HeadAsync(address), Lasting = address.IsUser ? await groups.OfAsync(address) : null }
            : result;
    }

    public Task<AttachResult> RenewAsync(
        Address user, string connectionId, ConnectionDetails details, ReadOnlyMemory<byte> record = default) =>
        Task.FromResult(directory.Renew(user, connectionId, details, record));

    public Task DetachAsync(Address address, string connectionId, bool isForGood = false)
    {
        directory.Remove(address, connectionId, isForGood);
        return Task.CompletedTask;
    }

    /// <remarks>Memory loses nothing that was attached.</remarks>
    public Task<IReadOnlySet<Address>> FindChangedAsync(IReadOnlyCollection<Attachment> attachments)
    {
        var changed = attachments.Where(known => Use(known.Address, (log, _) => log.Head) != known.Head);
        return Task.FromResult<IReadOnlySet<Address>>(changed.Select(known => known.Address).ToHashSet());
    }

    public Task<Cursor> PublishAsync(Envelope message)
    {
        try
        {
            return Task.FromResult(message.IsTransient ? Send(message) : Append(message));
        }
        catch (IdempotencyConflictException conflict)
        {
            return Task.FromException<Cursor>(conflict);
        }
    }

    public IReadOnlyList<Task<Cursor>> PublishAll(IReadOnlyList<Envelope> messages) => [.. messages.Select(PublishAsync)];

    /// <remarks>Memory does not forget a part: there is nothing to compare <paramref name="known"/> with.</remarks>
    public Task<Cursor> HeadAsync(Address address, Cursor? known = null) => Task.FromResult(Use(address, (log, _) => log.Head));

    public Task ForgetAsync(Address address)
    {
        _logs.TryRemove(address, out _);
        return Task.CompletedTask;
    }

    public Task<LogPage> ReadAsync(Address address, Cursor? after, int maxBytes) =>
        Task.FromResult(Use(address, (log, now) => log.Read(after, maxBytes, now)));

    public Task<LogPage> ReadRetainedAsync(Address address, int maxBytes) =>
        Task.FromResult(Use(address, (log, now) => log.ReadRetained(maxBytes, now)));

    public Task<LogEntry> FindAsync(Address address, Cursor id) => Task.FromResult(Use(address, (log, now) => log.Find(id, now)));

    public Task<LogTail> TailAsync(Address address, int limit) => Task.FromResult(Use(address, (log, now) => log.Tail(limit, now)));

    public Task SendCommandAsync(Address address, ReadOnlyMemory<byte> command)
    {
        local.Inbox?.Handle(command);
        return Task.CompletedTask;
    }

    public Task<bool> SendCommandAsync(NodeId to, ReadOnlyMemory<byte> command)
    {
        var inbox = to == node ? local.Inbox : null;
        inbox?.Handle(command);
        return Task.FromResult(inbox is not null);
    }

    private Cursor Send(Envelope message)
    {
        var id = Cursor.Transient();
        local.Inbox?.Deliver([new RoutedMessage(message.Address, id, After: null, message.Body) { TraceParent = message.TraceParent }]);
        return id;
    }

    /// <remarks>Delivers before it lets go of the log, so that live order is log order.</remarks>
    private Cursor Append(Envelope message) => Use(message.Address, (log, now) =>
    {
        if (log.FirstOf(message, now) is { } first)
        {
            return first;
        }

        var appended = log.Append(message, now);
        local.Inbox?.Deliver([appended with { TraceParent = message.TraceParent }]);
        return appended.Id;
    });

    /// <summary>Uses the log of an address alone. A missing or forgotten log begins empty.</summary>
    private T Use<T>(Address address, Func<InMemoryLog, DateTimeOffset, T> use)
    {
        var now = time.GetUtcNow();
        SweepIfDue(now);
        while (true)
        {
            var log = _logs.GetOrAdd(address, _ => new InMemoryLog(options.Value, now));
            lock (log.Lock)
            {
                if (log.TryUse(now))
                {
                    return use(log, now);
                }

                _logs.TryRemove(KeyValuePair.Create(address, log));
            }
        }
    }

    private void SweepIfDue(DateTimeOffset now)
    {
        if (!_sweep.TryTake(now))
        {
            return;
        }

        foreach (var pair in _logs)
        {
            lock (pair.Value.Lock)
            {
                if (pair.Value.Sweep(now))
                {
                    _logs.TryRemove(pair);
                }
            }
        }
    }
}
