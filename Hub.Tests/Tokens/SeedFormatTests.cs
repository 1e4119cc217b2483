using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Tokens;

/// <summary>Tokens as the seed's Django site writes them, spent as they stand. It is 13:05:29 on the 24th of November 2026.</summary>
public sealed class SeedFormatTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 13, 5, 29, TimeSpan.Zero));
    private Node _node = null!;

    private IDatabase Database => _redis.Database;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = NodeWith();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_spent_for_the_user_that_its_record_names()
    {
        var spend = await SpendAsync(await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:09"}"""));

        spend.IsAccepted.Should().BeTrue();
        var minted = new DateTimeOffset(2026, 11, 24, 13, 5, 9, TimeSpan.Zero);
        var endOfThatSecond = minted.ToUnixTimeMilliseconds() + 999;
        spend.Record.Should().Be(new TokenRecord { Subject = "alice", IssuedAt = minted, Epoch = endOfThatSecond });
    }

    [Fact]
    public async Task A_spent_token_leaves_a_word_for_a_minute_and_then_nothing()
    {
        var token = await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:29"}""");
        (await Database.KeyTimeToLiveAsync(token)).Should().BeNull("the site sets none");
        await SpendAsync(token);

        ((string?)await Database.StringGetAsync(token)).Should().Be("spent");
        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Spent);
        await _redis.AdvanceAsync(TimeSpan.FromSeconds(61));
        (await Database.KeyExistsAsync(token)).Should().BeFalse();
        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Unknown);
    }

    [Theory]
    [InlineData("13:05:29", nameof(SpendOutcome.Accepted))]
    [InlineData("13:05:09", nameof(SpendOutcome.Accepted))]
    [InlineData("13:05:08", nameof(SpendOutcome.Unknown))]
    [InlineData("12:05:29", nameof(SpendOutcome.Unknown))]
    [InlineData("13:05:30", nameof(SpendOutcome.Malformed))]
    [InlineData("14:05:29", nameof(SpendOutcome.Malformed))]
    public async Task A_token_lives_for_twenty_seconds_and_none_comes_from_the_future(string time, string outcome)
    {
        var token = await StoreAsync($$"""{"user":"alice","time":"24:11:2026:{{time}}"}""");

        (await SpendAsync(token)).Outcome.ToString().Should().Be(outcome);
        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Spent, "an attempt spends it, whatever comes of it");
    }

    [Fact]
    public async Task A_token_is_dead_a_millisecond_after_its_twenty_seconds()
    {
        var token = await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:09"}""");
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Unknown);
    }

    [Fact]
    public async Task How_long_it_lives_is_the_lifetime_of_all_tokens()
    {
        await using var node = NodeWith(("Tokens:Lifetime", "00:00:05"));

        (await node.Tokens.SpendAsync(Parse(await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:24"}""")))).IsAccepted.Should()
            .BeTrue();
        (await node.Tokens.SpendAsync(Parse(await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:23"}""")))).Outcome.Should()
            .Be(SpendOutcome.Unknown);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""["alice","24:11:2026:13:05:29"]""")]
    [InlineData("""{"time":"24:11:2026:13:05:29"}""")]
    [InlineData("""{"user":null,"time":"24:11:2026:13:05:29"}""")]
    [InlineData("""{"user":7,"time":"24:11:2026:13:05:29"}""")]
    [InlineData("""{"user":"","time":"24:11:2026:13:05:29"}""")]
    [InlineData("""{"user":"a\u0000b","time":"24:11:2026:13:05:29"}""")]
    [InlineData("""{"user":"a\ud800b","time":"24:11:2026:13:05:29"}""")]
    [InlineData("""{"user":"alice"}""")]
    [InlineData("""{"user":"alice","time":null}""")]
    [InlineData("""{"user":"alice","time":1790000000}""")]
    [InlineData("""{"user":"alice","time":""}""")]
    [InlineData("""{"user":"alice","time":"now"}""")]
    [InlineData("""{"user":"alice","time":"\ud800"}""")]
    [InlineData("""{"user":"alice","time":"2026-11-24T13:05:29Z"}""")]
    [InlineData("""{"user":"alice","time":"11:24:2026:13:05:29"}""")]
    [InlineData("""{"user":"alice","time":"30:02:2026:13:05:29"}""")]
    [InlineData("""{"user":"alice","time":"24:11:2026:24:05:29"}""")]
    [InlineData("""{"user":"alice","time":"24:11:2026:13:05:29 "}""")]
    [InlineData("""{"user":"alice","time":"24:11:2026:13:05:29","user":""}""")]
    [InlineData("""{"sub":"alice"}""")]
    public async Task A_broken_record_opens_nothing_and_is_spent(string record)
    {
        var token = await StoreAsync(record);

        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Malformed);
        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Spent);
    }

    [Fact]
    public async Task A_record_of_more_than_64_KB_opens_nothing()
    {
        const string record = """{"user":"alice","time":"24:11:2026:13:05:29"}""";

        (await SpendAsync(await StoreAsync(record + new string(' ', TokenRecord.MaxBytes - record.Length)))).IsAccepted.Should().BeTrue();
        (await SpendAsync(await StoreAsync(record + new string(' ', TokenRecord.MaxBytes - record.Length + 1)))).Outcome.Should()
            .Be(SpendOutcome.Malformed);
    }

    [Fact]
    public async Task A_user_of_257_characters_opens_nothing() =>
        (await SpendAsync(await SeedTag.MintAsync(Database, new string('ü', 257), _time.GetUtcNow()))).Outcome.Should()
            .Be(SpendOutcome.Malformed);

    [Theory]
    [InlineData("""{"user":"al\u00efce","time":"24:11:2026:13:05:29"}""", "alïce")]
    [InlineData("""{"time":"24:11:2026:13:05:29","of the future":[{}],"user":"a/b {c}"}""", "a/b {c}")]
    public async Task Any_user_and_further_fields_pass(string record, string user) =>
        (await SpendAsync(await StoreAsync(record))).Record!.Subject.Should().Be(user);

    [Fact]
    public async Task A_key_of_another_kind_opens_nothing()
    {
        var token = "wstoken" + Guid.NewGuid().ToString("N");
        await Database.HashSetAsync(token, "user", "alice");

        (await SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Malformed);
    }

    [Fact]
    public async Task The_key_is_the_token_exactly_as_it_is_shown()
    {
        var token = await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:29"}""");
        var inCapitals = "wstoken" + token["wstoken".Length..].ToUpperInvariant();

        (await SpendAsync(inCapitals)).Outcome.Should().Be(SpendOutcome.Unknown);
        await Database.KeyRenameAsync(token, inCapitals);
        (await SpendAsync(inCapitals)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_spend_is_one_command_on_the_tokens_own_key()
    {
        var token = await StoreAsync("""{"user":"alice","time":"24:11:2026:13:05:29"}""");
        _ = _node.Address;
        await _redis.ResetCommandCallsAsync();

        (await SpendAsync(token)).IsAccepted.Should().BeTrue();

        var calls = await _redis.CommandCallsAsync();
        calls["set"].Should().Be(1);
        calls.Keys.Should().NotContain(["get", "del", "getdel", "eval", "evalsha", "exists"]);
    }

    private Node NodeWith(params (string Key, string Value)[] settings) =>
        new([("Redis:Connection", _redis.Connection), ("Tokens:AcceptSeedFormat", "true"), .. settings]) { Time = _time };

    private Task<string> StoreAsync(string record) => SeedTag.StoreAsync(Database, record);

    private Task<SpendResult> SpendAsync(string token) => _node.Tokens.SpendAsync(Parse(token));

    private static AccessToken Parse(string text)
    {
        AccessToken.TryParseSeedFormat(text, out var token).Should().BeTrue();
        return token;
    }
}
