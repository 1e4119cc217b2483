using System.Security.Cryptography;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Insight;

/// <summary>
/// Does what a user and a backend do, as somebody whom nobody else can be or reach: each visit has a new name of 128 random bits.
/// </summary>
internal sealed class Canary(IAccessTokenStore tokens, IPublisher publisher, IMessageRouter router, OwnSocket way)
{
    /// <summary>What its names begin with.</summary>
    public const string Prefix = "canary:";

    private const int MessagesOfAKind = 8;
    private const string Type = "canary";

    private static readonly TimeSpan LongestVisit = TimeSpan.FromSeconds(10);

    /// <summary>Mints, connects, gets messages of each kind, resumes, leaves, and removes what it has published.</summary>
    public async Task VisitAsync()
    {
        using var deadline = new CancellationTokenSource(LongestVisit);
        var name = Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var (user, group) = (Address.User(name), Address.Group(name));
        try
        {
            var token = await tokens.MintAsync(new TokenRecord { Subject = name, Groups = [name] }, deadline.Token);
            using var client = await CanaryClient.ConnectAsync(way, token, deadline.Token);
            var first = await publisher.PublishAsync(user, Type, "first", cancellationToken: deadline.Token);
            await PublishAsync(user, group, deadline.Token);
            await client.ReceiveAsync(1 + (3 * MessagesOfAKind), deadline.Token);
            await client.ResumeAsync(user.ToString(), first, deadline.Token);
            await client.CloseAsync(deadline.Token);
        }
        finally
        {
            await Task.WhenAll(router.ForgetAsync(user), router.ForgetAsync(group));
        }
    }

    private async Task PublishAsync(Address user, Address group, CancellationToken cancellation)
    {
        for (var number = 0; number < MessagesOfAKind; number++)
        {
            await publisher.PublishAsync(user, Type, number, cancellationToken: cancellation);
            await publisher.PublishAsync(group, Type, number, new PublishOptions { Transient = true }, cancellation);
        }

        var batch = Enumerable.Range(0, MessagesOfAKind).Select(number => Publication.Of(group, Type, number));
        await publisher.PublishAsync([.. batch], cancellation);
    }
}
