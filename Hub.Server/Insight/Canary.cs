using System.Text.Json.Nodes;
using RealtimeHub.Authentication;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Insight;

/// <summary>
/// Does what a user and a backend do, as somebody whom nobody else can be or reach (<see cref="CanaryUsers"/>): at each visit another.
/// </summary>
internal sealed class Canary(
    IAccessTokenStore tokens, IPublisher publisher, IMessageRouter router, CanaryUsers users, CanaryBackend backend, OwnSocket way)
{
    private const int MessagesOfAKind = 8;
    private const string Type = "canary";

    private static readonly TimeSpan LongestVisit = TimeSpan.FromSeconds(10);

    /// <summary>Mints, connects, gets messages of each kind, resumes, leaves, and removes what it has published.</summary>
    /// <param name="negotiates">Whether it connects as a client that negotiates, or as one that does not.</param>
    public async Task VisitAsync(bool negotiates)
    {
        using var deadline = new CancellationTokenSource(LongestVisit);
        var name = CanaryUsers.Enter();
        try
        {
            await VisitAsync(name, negotiates, deadline.Token);
        }
        finally
        {
            users.Leave(name);
            await Task.WhenAll(router.ForgetAsync(Address.User(name)), router.ForgetAsync(Address.Group(name)));
        }
    }

    private async Task VisitAsync(string name, bool negotiates, CancellationToken cancellation)
    {
        var token = await MintAsync(name, cancellation);
        users.Mint(name, token);
        using var client = negotiates
            ? await CanaryClient.NegotiateAsync(way, token, cancellation)
            : await CanaryClient.ConnectAsync(way, token, cancellation);
        var first = await publisher.PublishAsync(Address.User(name), Type, "first", cancellationToken: cancellation);
        var published = await Task.WhenAll(PublishAsync(name, cancellation), PublishByHttpAsync(name, cancellation));
        await client.ReceiveAsync(1 + published.Sum(), cancellation);
        await client.ResumeAsync(Address.User(name), first, cancellation);
        await client.CloseAsync(cancellation);
    }

    private async Task<AccessToken> MintAsync(string name, CancellationToken cancellation) =>
        await backend.TryMintAsync(name, cancellation)
        ?? await tokens.MintAsync(new TokenRecord { Subject = name, Groups = [name] }, cancellation);

    /// <returns>How many messages it has published.</returns>
    private async Task<int> PublishAsync(string name, CancellationToken cancellation)
    {
        var (user, group) = (Address.User(name), Address.Group(name));
        for (var number = 0; number < MessagesOfAKind; number++)
        {
            await publisher.PublishAsync(user, Type, number, cancellationToken: cancellation);
            await publisher.PublishAsync(group, Type, number, new PublishOptions { Transient = true }, cancellation);
        }

        var batch = Enumerable.Range(0, MessagesOfAKind).Select(number => Publication.Of(group, Type, number));
        await publisher.PublishAsync([.. batch], cancellation);
        return 3 * MessagesOfAKind;
    }

    /// <inheritdoc cref="PublishAsync"/>
    private async Task<int> PublishByHttpAsync(string name, CancellationToken cancellation)
    {
        var path = Uri.EscapeDataString(name);
        for (var number = 0; number < MessagesOfAKind; number++)
        {
            if (!await backend.TryPublishAsync($"users/{path}", Message(number, isTransient: number % 2 == 0), cancellation))
            {
                return 0;
            }
        }

        await backend.TryPublishAsync($"groups/{path}", Message(MessagesOfAKind, isTransient: false), cancellation);
        var batch = Enumerable.Range(0, MessagesOfAKind).Select(number => MessageTo(Address.Group(name), number));
        await backend.TryPublishAsync(batch, cancellation);
        return (2 * MessagesOfAKind) + 1;
    }

    private static JsonObject Message(int number, bool isTransient) =>
        new() { ["type"] = Type, ["payload"] = number, ["transient"] = isTransient };

    private static JsonObject MessageTo(Address address, int number) =>
        new() { ["address"] = address.ToString(), ["type"] = Type, ["payload"] = number };
}
