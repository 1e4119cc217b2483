using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Tokens;

/// <summary>Tokens in this process's memory, with the same promises as in Redis for the one node that there is.</summary>
internal sealed class InMemoryAccessTokenStore(IEpochs epochs, IOptions<TokenOptions> options, TimeProvider time) : ISpendingTokenStore
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Outstanding>> _outstanding = new(StringComparer.Ordinal);
    private readonly SweepInterval _sweep = new(TimeSpan.FromSeconds(10));

    public async Task<AccessToken> MintAsync(TokenRecord record, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        SweepIfDue(now);
        var token = AccessToken.Create();
        var minted = record.ForMinting(now);
        var epoch = await epochs.LastAsync(Address.User(minted.Subject));
        _entries[token.Hash] = new Entry(minted with { Epoch = epoch }, now + options.Value.Lifetime);
        if (options.Value.PerUser > 0)
        {
            Note(minted.Subject, token, now);
        }

        return token;
    }

    public Task<SpendResult> SpendAsync(AccessToken token) => Task.FromResult(Spend(token.Hash, time.GetUtcNow()));

    private SpendResult Spend(string hash, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(hash, out var entry) || entry.DiesAt <= now)
        {
            return SpendResult.Unknown;
        }

        // Several may read the entry at once; only one can replace it by a tombstone.
        return entry.Record is { } record && _entries.TryUpdate(hash, new Entry(null, now + TokenOptions.ReplayMemory), entry)
            ? SpendResult.Of(record, now)
            : SpendResult.Spent;
    }

    // If there are too many, the oldest die. What is left of one that was spent stays.
    private void Note(string user, AccessToken token, DateTimeOffset now)
    {
        lock (_outstanding)
        {
            if (!_outstanding.TryGetValue(user, out var tokens))
            {
                _outstanding[user] = tokens = new Queue<Outstanding>();
            }

            tokens.Enqueue(new Outstanding(token.Hash, now + options.Value.Lifetime));
            while (tokens.TryPeek(out var oldest) && (oldest.DiesAt <= now || tokens.Count > options.Value.PerUser))
            {
                tokens.Dequeue();
                if (_entries.TryGetValue(oldest.Hash, out var entry) && entry.Record is not null)
                {
                    _entries.TryRemove(KeyValuePair.Create(oldest.Hash, entry));
                }
            }
        }
    }

    private void SweepIfDue(DateTimeOffset now)
    {
        if (!_sweep.TryTake(now))
        {
            return;
        }

        foreach (var dead in _entries.Where(entry => entry.Value.DiesAt <= now))
        {
            _entries.TryRemove(dead);
        }

        lock (_outstanding)
        {
            foreach (var (user, _) in _outstanding.Where(user => user.Value.All(token => token.DiesAt <= now)).ToList())
            {
                _outstanding.Remove(user);
            }
        }
    }

    /// <summary>A token that may not be spent yet.</summary>
    private readonly record struct Outstanding(string Hash, DateTimeOffset DiesAt);

    /// <summary>A record that waits to be spent, or, with none, the tombstone of one.</summary>
    private sealed record Entry(TokenRecord? Record, DateTimeOffset DiesAt);
}
