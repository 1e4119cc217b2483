using System.Collections.Concurrent;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Insight.Load;

/// <summary>
/// The pages that show what the nodes have to do. Each is a client of this node, as a user whom nobody else can be or reach and who counts
/// as nobody (<see cref="CanaryUsers"/>), and is told when there is something new. What that is it asks for by itself, with its key: the
/// message says nothing.
/// </summary>
internal sealed class LoadWatchers(
    IAccessTokenStore tokens, CanaryUsers users, ConnectionRegistry registry, IMessageRouter router, TimeProvider time)
{
    /// <summary>The type of what they are told.</summary>
    private const string Type = "load.changed";

    /// <summary>The most pages that are told. When there are more, the one that came first asks by itself.</summary>
    private const int Most = 100;

    /// <summary>How long a page may take to connect, or to come back.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(5);

    private static readonly PublishOptions Transient = new() { Transient = true };

    /// <summary>By name, when each was here last, or was given its token.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _pages = new(StringComparer.Ordinal);

    /// <summary>Mints a token with which one more page connects to this node.</summary>
    /// <exception cref="Redis.StoreUnavailableException">The store does not answer.</exception>
    public async Task<AccessToken> EnterAsync(CancellationToken cancellation)
    {
        var name = CanaryUsers.Enter();
        var token = await tokens.MintAsync(new TokenRecord { Subject = name }, cancellation);
        users.Mint(name, token);
        _pages[name] = time.GetUtcNow();
        if (_pages.Count > Most)
        {
            await ForgetAsync(_pages.MinBy(page => page.Value).Key);
        }

        return token;
    }

    /// <summary>Tells all that are here.</summary>
    /// <exception cref="Redis.StoreUnavailableException">The store does not answer.</exception>
    public async Task TellAsync()
    {
        var now = time.GetUtcNow();
        foreach (var (name, lastHere) in _pages)
        {
            if (IsHere(name))
            {
                _pages[name] = now;
                await TellAsync(Address.User(name), now);
            }
            else if (now - lastHere > LongestAbsence)
            {
                await ForgetAsync(name);
            }
        }
    }

    private bool IsHere(string name) => registry.TryFind(Address.User(name), out var page) && page.Members.Length > 0;

    /// <remarks>Past the metrics and traces of what others publish.</remarks>
    private async Task TellAsync(Address page, DateTimeOffset now)
    {
        var ready = CheckedPublication.Of(Publication.Of(page, Type, payload: (string?)null, Transient));
        await router.PublishAsync(MessageEncoder.Encode(ready, now));
    }

    private Task ForgetAsync(string name)
    {
        _pages.TryRemove(name, out _);
        users.Leave(name);
        return router.ForgetAsync(Address.User(name));
    }
}
