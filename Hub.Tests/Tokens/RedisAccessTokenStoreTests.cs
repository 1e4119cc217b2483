using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class RedisAccessTokenStoreTests(TwoNodes nodes) : AccessTokenStoreTests, IClassFixture<TwoNodes>
{
    private protected override ISpendingTokenStore Store => nodes.First.Tokens;

    protected override Task AdvanceAsync(TimeSpan time) => nodes.Redis.AdvanceAsync(time);

    [Fact]
    public async Task Of_two_hundred_simultaneous_spends_over_two_nodes_exactly_one_succeeds()
    {
        var token = await Store.MintAsync(Alice);

        var spends = await Task.WhenAll(Enumerable.Range(0, 200).Select(turn =>
            Task.Run(() => (turn % 2 == 0 ? nodes.First : nodes.Second).Tokens.SpendAsync(token))));

        spends.Should().ContainSingle(spend => spend.IsAccepted);
    }

    [Fact]
    public async Task Who_gives_up_does_not_wait_for_a_Redis_that_is_silent()
    {
        using var giveUp = new CancellationTokenSource();
        await nodes.Redis.PauseAsync();
        try
        {
            var minting = Store.MintAsync(Alice, giveUp.Token);
            minting.IsCompleted.Should().BeFalse();

            await giveUp.CancelAsync();

            await minting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        }
        finally
        {
            await nodes.Redis.ContinueAsync();
        }
    }

    [Fact]
    public async Task Redis_itself_ends_an_unspent_token_within_twenty_seconds()
    {
        var token = await Store.MintAsync(Alice);

        var left = await nodes.Redis.Database.KeyTimeToLiveAsync(KeyOf(token));

        left.Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(20)).And.BeGreaterThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_dump_of_Redis_opens_nothing()
    {
        var token = await Store.MintAsync(Alice);

        var keys = nodes.Redis.Server.Keys().Select(key => key.ToString()).ToList();
        string? value = await nodes.Redis.Database.StringGetAsync(KeyOf(token));

        keys.Should().Contain(KeyOf(token)).And.NotContain(key => key.Contains(token.Reveal()));
        value.Should().Contain("\"sub\":\"alice\"").And.NotContain(token.Reveal());
    }

    [Fact]
    public async Task Nothing_but_a_word_is_left_of_a_spent_token()
    {
        var token = await Store.MintAsync(Alice);
        await Store.SpendAsync(token);

        ((string?)await nodes.Redis.Database.StringGetAsync(KeyOf(token))).Should().Be("spent");
    }

    [Fact]
    public async Task Any_language_mints_with_the_two_lines_of_the_contract()
    {
        const string text = "wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        const string json = """{"sub":"django user","iat":1790000000.25,"claims":{"plan":"gold"},"field of the future":[1,{}]}""";
        await nodes.Redis.Database.StringSetAsync($"hub:token:{Node.Sha256(text)}", json, TimeSpan.FromSeconds(20));
        AccessToken.TryParse(text, out var token).Should().BeTrue();

        var spend = await Store.SpendAsync(token);

        spend.Record!.Subject.Should().Be("django user");
        spend.Record.Claims!["plan"].Should().Equal("gold");
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sub":null}""")]
    [InlineData("""{"sub":7}""")]
    [InlineData("""{"sub":""}""")]
    [InlineData("""{"sub":"a\u0000b"}""")]
    [InlineData("""{"sub":"a\ud800b"}""")]
    [InlineData("""{"sub":"alice","roles":[null]}""")]
    [InlineData("""{"sub":"alice","groups":[""]}""")]
    [InlineData("""{"sub":"alice","groups":"room1"}""")]
    [InlineData("""{"sub":"alice","claims":{"a":{}}}""")]
    [InlineData("""{"sub":"alice","claims":{"a":[1]}}""")]
    [InlineData("""{"sub":"alice","exp":"tomorrow"}""")]
    [InlineData("""{"sub":"alice","exp":1e300}""")]
    [InlineData("""{"sub":"alice","iat":-1}""")]
    public async Task A_broken_record_opens_nothing(string record)
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.StringSetAsync(KeyOf(token), record, TimeSpan.FromSeconds(20));

        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Malformed);
        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Spent);
    }

    [Theory]
    [InlineData("not JSON", "JSON object")]
    [InlineData("{\"sub\":\"alice\",\"exp\":", "JSON object")]
    [InlineData("null", "JSON object")]
    [InlineData("[]", "JSON object")]
    [InlineData("{}", "sub must be 1 to 256 characters")]
    [InlineData("{\"sub\":7}", "sub must be 1 to 256 characters")]
    [InlineData("{\"sub\":null}", "sub must be 1 to 256 characters")]
    [InlineData("{\"sub\":\"\"}", "sub must be 1 to 256 characters")]
    [InlineData("{\"sub\":\"alice\",\"sub\":\"mallory\"}", "sub is there twice")]
    [InlineData("{\"sub\":\"alice\",\"name\":7}", "name must be a string")]
    [InlineData("{\"sub\":\"alice\",\"roles\":\"SECRET\"}", "roles must be an array of strings")]
    [InlineData("{\"sub\":\"alice\",\"roles\":[7]}", "roles must be an array of strings")]
    [InlineData("{\"sub\":\"alice\",\"roles\":[null]}", "roles must be a string")]
    [InlineData("{\"sub\":\"alice\",\"claims\":[]}", "claims must be an object")]
    [InlineData("{\"sub\":\"alice\",\"claims\":{\"a\":7}}", "claims must be an object")]
    [InlineData("{\"sub\":\"alice\",\"claims\":{\"hub:group\":[\"SECRET\"]}}", "claims must not say what groups says")]
    [InlineData("{\"sub\":\"alice\",\"claims\":{\"a\":\"b\",\"a\":\"c\"}}", "claims must be an object")]
    [InlineData("{\"sub\":\"alice\",\"groups\":{}}", "groups must be an array of strings")]
    [InlineData("{\"sub\":\"alice\",\"groups\":[\"\"]}", "groups must be 1 to 256 characters")]
    [InlineData("{\"sub\":\"alice\",\"aud\":[\"/hub\"]}", "aud must be a string, the path of a hub")]
    [InlineData("{\"sub\":\"alice\",\"sid\":7}", "sid must be a string")]
    [InlineData("{\"sub\":\"alice\",\"sid\":\"\"}", "sid must be 1 to 256 characters")]
    [InlineData("{\"sub\":\"alice\",\"labels\":\"SECRET\"}", "labels must be an array of strings")]
    [InlineData("{\"sub\":\"alice\",\"labels\":[\"\"]}", "each of labels must be 1 to 64 characters")]
    [InlineData("{\"sub\":\"alice\",\"exp\":1790000000000}", "exp must be a number of seconds since 1970 in UTC, not of milliseconds")]
    [InlineData("{\"sub\":\"alice\",\"exp\":\"SECRET\"}", "exp must be a number of seconds")]
    [InlineData("{\"sub\":\"alice\",\"exp\":3600}", "exp was over when the token was minted")]
    [InlineData("{\"sub\":\"alice\",\"iat\":1790000000000}", "iat must be a number of seconds since 1970 in UTC, not of milliseconds")]
    public async Task The_log_names_the_field_that_a_minter_got_wrong_and_what_it_takes(string record, string told)
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.StringSetAsync(KeyOf(token), record, TimeSpan.FromSeconds(20));

        var mistake = (await Store.SpendAsync(token)).Mistake;

        mistake.Should().Contain(told).And.NotContain("SECRET");
        $"#12345678: {mistake}".Length.Should().BeLessThanOrEqualTo(100, "the log cuts off what is longer");
    }

    [Fact]
    public async Task The_log_says_that_a_record_is_too_large()
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.StringSetAsync(KeyOf(token), $$"""{"sub":"alice","name":"{{new string('a', 64 * 1024)}}"}""");

        (await Store.SpendAsync(token)).Mistake.Should().Contain("64 KB at the most");
    }

    [Fact]
    public async Task An_overlong_user_in_a_record_opens_nothing()
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.StringSetAsync(KeyOf(token), $$"""{"sub":"{{new string('a', 257)}}"}""");

        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Malformed);
    }

    [Fact]
    public async Task A_key_of_another_kind_opens_nothing()
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.HashSetAsync(KeyOf(token), "sub", "alice");

        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Malformed);
    }

    private static string KeyOf(AccessToken token) => $"hub:token:{Node.Sha256(token.Reveal())}";
}
