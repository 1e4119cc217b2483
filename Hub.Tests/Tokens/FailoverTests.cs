using RealtimeHub.Redis;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

/// <summary>What becomes of a spent token when a replica takes over that never heard of the spend.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private static readonly TokenRecord Alice = new() { Subject = "alice" };

    private RedisPair _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisPair.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task The_node_that_spent_it_does_not_let_it_in_again()
    {
        await using var node = Node();
        var (spent, unspent) = (await node.Tokens.MintAsync(Alice), await node.Tokens.MintAsync(Alice));
        await _redis.InStepAsync();
        await _redis.FailOverWithoutAsync(async () => (await node.Tokens.SpendAsync(spent)).IsAccepted.Should().BeTrue());

        (await OutcomeAsync(node, unspent)).Should().Be(SpendOutcome.Accepted, "the replica has taken over, with the tokens");
        (await OutcomeAsync(node, spent)).Should().Be(SpendOutcome.Spent);
        (await OutcomeAsync(node, spent)).Should().Be(SpendOutcome.Spent);
    }

    [Fact]
    public async Task Another_node_may_unless_replicas_are_required()
    {
        await using var node = Node();
        await using var other = Node();
        var token = await node.Tokens.MintAsync(Alice);
        await _redis.InStepAsync();
        await _redis.FailOverWithoutAsync(async () => (await node.Tokens.SpendAsync(token)).IsAccepted.Should().BeTrue());

        (await OutcomeAsync(other, token)).Should().Be(SpendOutcome.Accepted, "SECURITY.md says so");
    }

    [Fact]
    public async Task With_a_required_replica_nobody_is_let_in_by_a_spend_that_it_does_not_have()
    {
        await using var node = Node(("Tokens:RequireReplicas", "1"));
        await using var other = Node(("Tokens:RequireReplicas", "1"));
        var token = await node.Tokens.MintAsync(Alice);
        await _redis.InStepAsync();
        await _redis.FailOverWithoutAsync(
            async () => await node.Tokens.Awaiting(tokens => tokens.SpendAsync(token)).Should().ThrowAsync<StoreUnavailableException>());

        // A spend whose replica cannot be asked yet takes its token with it. Others show when it can.
        await Eventually.HoldsAsync(() => LetsInAsync(other));
        (await OutcomeAsync(other, token)).Should().Be(SpendOutcome.Accepted, "it is the first that is let in");
        (await OutcomeAsync(node, token)).Should().Be(SpendOutcome.Spent);
    }

    [Fact]
    public async Task With_a_required_replica_at_hand_as_many_get_in_as_come_and_each_once()
    {
        await using var node = Node(("Tokens:RequireReplicas", "1"));
        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => node.Tokens.MintAsync(Alice)));
        await _redis.InStepAsync();

        var spends = await Task.WhenAll(tokens.Concat(tokens).Select(node.Tokens.SpendAsync));

        spends.Count(spend => spend.IsAccepted).Should().Be(200);
        spends.Count(spend => spend.Outcome == SpendOutcome.Spent).Should().Be(200);
        (await node.Tokens.SpendAsync(AccessToken.Create())).Outcome.Should().Be(SpendOutcome.Unknown);
    }

    [Fact]
    public async Task More_replicas_than_there_are_let_nobody_in()
    {
        await using var node = Node(("Tokens:RequireReplicas", "2"));
        var token = await node.Tokens.MintAsync(Alice);

        await node.Tokens.Awaiting(tokens => tokens.SpendAsync(token)).Should().ThrowAsync<StoreUnavailableException>();
        (await node.Tokens.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Spent, "nobody was let in by it, and nobody will be");
    }

    private Node Node(params (string Key, string Value)[] settings) =>
        new([("Redis:Connection", _redis.Connection), ("Tokens:Lifetime", "00:05:00"), .. settings]);

    private static async Task<bool> LetsInAsync(Node node)
    {
        try
        {
            return (await node.Tokens.SpendAsync(await node.Tokens.MintAsync(Alice))).IsAccepted;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>What a spend comes to, once the node has found the new primary.</summary>
    private static async Task<SpendOutcome> OutcomeAsync(Node node, AccessToken token)
    {
        SpendOutcome? outcome = null;
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                outcome = (await node.Tokens.SpendAsync(token)).Outcome;
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(70));
        return outcome!.Value;
    }
}
