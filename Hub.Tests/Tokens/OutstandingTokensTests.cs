using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

/// <summary>How many tokens of a user may live unspent.</summary>
public abstract class OutstandingTokensTests : IAsyncLifetime
{
    private static readonly (string, string) ThreePerUser = ("Tokens:PerUser", "3");

    private Node _node = null!;

    private ISpendingTokenStore Store { get; set; } = null!;

    public virtual Task InitializeAsync()
    {
        _node = new Node([ThreePerUser, .. Settings]);
        Store = _node.Tokens;
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync() => await _node.DisposeAsync();

    protected virtual (string, string)[] Settings => [];

    [Fact]
    public async Task With_one_more_the_oldest_dies_and_those_of_others_live()
    {
        var other = await MintAsync("bob");
        var tokens = await MintAsync("alice", 5);

        (await OutcomesAsync(tokens)).Should().Equal(
            SpendOutcome.Unknown, SpendOutcome.Unknown, SpendOutcome.Accepted, SpendOutcome.Accepted, SpendOutcome.Accepted);
        (await Store.SpendAsync(other)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task One_that_was_spent_is_still_told_from_one_that_never_was()
    {
        var spent = await MintAsync("alice");
        await Store.SpendAsync(spent);

        await MintAsync("alice", 3);

        (await Store.SpendAsync(spent)).Outcome.Should().Be(SpendOutcome.Spent);
    }

    [Fact]
    public async Task Of_many_that_are_minted_at_once_as_many_live_as_may()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => MintAsync("alice"))));

        (await OutcomesAsync(tokens)).Count(outcome => outcome == SpendOutcome.Accepted).Should().Be(3);
    }

    private Task<AccessToken> MintAsync(string user) => Store.MintAsync(new TokenRecord { Subject = user });

    private async Task<List<AccessToken>> MintAsync(string user, int count)
    {
        var tokens = new List<AccessToken>();
        while (tokens.Count < count)
        {
            tokens.Add(await MintAsync(user));
        }

        return tokens;
    }

    private async Task<List<SpendOutcome>> OutcomesAsync(IEnumerable<AccessToken> tokens)
    {
        var outcomes = new List<SpendOutcome>();
        foreach (var token in tokens)
        {
            outcomes.Add((await Store.SpendAsync(token)).Outcome);
        }

        return outcomes;
    }

    public sealed class InMemory : OutstandingTokensTests;

    public sealed class OnRedis : OutstandingTokensTests
    {
        private readonly RedisServer _redis = new();

        protected override (string, string)[] Settings => [("Redis:Connection", _redis.Connection)];

        public override async Task InitializeAsync()
        {
            await _redis.InitializeAsync();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            _redis.Dispose();
        }

        [Fact]
        public async Task What_is_noted_of_a_user_dies_with_his_last_token_and_opens_nothing()
        {
            var token = await MintAsync("alice");

            var noted = await _redis.Database.SortedSetRangeByRankAsync("hub:{user%3Aalice}:tokens");

            noted.Should().ContainSingle().Which.ToString().Should().Be(token.Hash);
            (await _redis.Database.KeyTimeToLiveAsync("hub:{user%3Aalice}:tokens")).Should().BeCloseTo(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
        }

        [Fact]
        public async Task Tokens_that_are_dead_make_room()
        {
            await MintAsync("alice", 3);
            await _redis.AdvanceAsync(TimeSpan.FromSeconds(21));

            (await OutcomesAsync(await MintAsync("alice", 3))).Should().OnlyContain(outcome => outcome == SpendOutcome.Accepted);
        }
    }
}
