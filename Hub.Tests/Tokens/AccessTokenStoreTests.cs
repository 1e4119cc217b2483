using System.Security.Claims;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

/// <summary>What every token store promises, in Redis and in memory.</summary>
public abstract class AccessTokenStoreTests
{
    private protected static readonly TokenRecord Alice = new() { Subject = "alice" };

    private protected abstract ISpendingTokenStore Store { get; }

    protected abstract Task AdvanceAsync(TimeSpan time);

    [Fact]
    public async Task A_token_is_spent_for_all_that_its_record_says()
    {
        var record = new TokenRecord
        {
            Subject = "alice",
            Name = "Alice Ünïcode",
            Roles = ["editor", "admin"],
            Claims = new Dictionary<string, IReadOnlyList<string>> { ["plan"] = ["gold"], ["team"] = ["a", "b"] },
            Groups = ["room1", "room:{2}*"],
            Audience = "/hub",
            SessionId = "s1",
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        };

        var spend = await Store.SpendAsync(await Store.MintAsync(record));

        spend.IsAccepted.Should().BeTrue();
        spend.Record.Should().BeEquivalentTo(
            record, options => options.Excluding(stored => stored.IssuedAt).Excluding(stored => stored.Epoch));
        spend.Record!.IssuedAt.Should().NotBeNull();
        spend.Record.Epoch.Should().Be(0, "nothing of the user was ended");
    }

    [Fact]
    public async Task A_token_is_spent_once()
    {
        var token = await Store.MintAsync(Alice);
        await Store.SpendAsync(token);

        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Spent);
    }

    [Fact]
    public async Task Who_has_given_up_mints_nothing() =>
        await Store.Awaiting(store => store.MintAsync(Alice, new CancellationToken(canceled: true))).Should()
            .ThrowAsync<OperationCanceledException>();

    [Fact]
    public async Task A_token_that_was_never_minted_is_unknown() =>
        (await Store.SpendAsync(AccessToken.Create())).Outcome.Should().Be(SpendOutcome.Unknown);

    [Fact]
    public async Task Of_two_hundred_simultaneous_spends_exactly_one_succeeds()
    {
        var token = await Store.MintAsync(Alice);

        var spends = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Store.SpendAsync(token))));

        spends.Should().ContainSingle(spend => spend.IsAccepted);
        spends.Where(spend => !spend.IsAccepted).Should().OnlyContain(spend => spend.Outcome == SpendOutcome.Spent);
    }

    [Fact]
    public async Task A_token_lives_for_twenty_seconds()
    {
        var token = await Store.MintAsync(Alice);
        await AdvanceAsync(TimeSpan.FromSeconds(19));

        (await Store.SpendAsync(token)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_token_is_dead_after_twenty_seconds()
    {
        var token = await Store.MintAsync(Alice);
        await AdvanceAsync(TimeSpan.FromSeconds(20));

        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Unknown);
    }

    [Fact]
    public async Task A_spent_token_is_remembered_for_a_minute_and_no_longer()
    {
        var token = await Store.MintAsync(Alice);
        await Store.SpendAsync(token);
        await AdvanceAsync(TimeSpan.FromSeconds(59));
        var replay = await Store.SpendAsync(token);
        await AdvanceAsync(TimeSpan.FromSeconds(61));

        replay.Outcome.Should().Be(SpendOutcome.Spent);
        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Unknown);
    }

    [Fact]
    public async Task Nothing_is_minted_for_a_connection_that_would_be_over_at_once() =>
        await Store.Invoking(store => store.MintAsync(Alice with { ExpiresAt = DateTimeOffset.UnixEpoch })).Should()
            .ThrowAsync<ArgumentException>().WithMessage("*exp*past*");

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("lone \ud800 surrogate")]
    public async Task Nothing_is_minted_for_a_user_that_cannot_be(string user) =>
        await Store.Invoking(store => store.MintAsync(new TokenRecord { Subject = user })).Should().ThrowAsync<ArgumentException>();

    [Theory]
    [InlineData("hub:group", "groups")]
    [InlineData("HUB:Group", "groups")]
    [InlineData("sid", "sid")]
    [InlineData("SID", "sid")]
    [InlineData("hub:label", "labels")]
    [InlineData("exp", "exp")]
    [InlineData(ClaimTypes.NameIdentifier, "sub")]
    [InlineData(ClaimTypes.Name, "name")]
    [InlineData(ClaimTypes.Role, "roles")]
    [InlineData("hub:anything", "hub:")]
    public async Task A_claim_cannot_say_what_another_field_says(string type, string named)
    {
        var record = Alice with { Claims = new Dictionary<string, IReadOnlyList<string>> { ["plan"] = ["gold"], [type] = ["admins"] } };

        (await Store.Invoking(store => store.MintAsync(record)).Should().ThrowAsync<ArgumentException>()).Which.Message.Should()
            .Contain("claims").And.Contain(named);
    }

    [Fact]
    public async Task A_user_may_have_256_characters_and_not_one_more()
    {
        var longest = new string('ü', 256);

        (await Store.SpendAsync(await Store.MintAsync(new TokenRecord { Subject = longest }))).Record!.Subject.Should().Be(longest);
        await Store.Invoking(store => store.MintAsync(new TokenRecord { Subject = longest + "x" })).Should().ThrowAsync<ArgumentException>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("lone \ud800 surrogate")]
    public async Task A_session_and_a_label_keep_the_rule_of_a_name(string name)
    {
        await Store.Invoking(store => store.MintAsync(Alice with { SessionId = name })).Should()
            .ThrowAsync<ArgumentException>().WithMessage("*sid must be*");
        await Store.Invoking(store => store.MintAsync(Alice with { Labels = ["fine", name] })).Should()
            .ThrowAsync<ArgumentException>().WithMessage("*each of labels must be*");
    }

    [Fact]
    public async Task A_connection_may_have_sixteen_labels_of_64_characters_and_no_more()
    {
        string[] labels = [.. Enumerable.Range(0, 16).Select(number => $"{number:00}{new string('ü', 62)}")];

        (await Store.SpendAsync(await Store.MintAsync(Alice with { Labels = labels }))).Record!.Labels.Should().Equal(labels);
        await Store.Invoking(store => store.MintAsync(Alice with { Labels = [.. labels, "one more"] })).Should()
            .ThrowAsync<ArgumentException>().WithMessage("*labels must be at most 16*");
        await Store.Invoking(store => store.MintAsync(Alice with { Labels = [labels[0] + "x"] })).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task A_connection_may_be_in_a_thousand_groups_and_not_one_more()
    {
        string[] groups = [.. Enumerable.Range(0, 1_000).Select(number => $"room{number}")];

        (await Store.SpendAsync(await Store.MintAsync(Alice with { Groups = groups }))).Record!.Groups.Should().Equal(groups);
        await Store.Invoking(store => store.MintAsync(Alice with { Groups = [.. groups, "one more"] })).Should().ThrowAsync<ArgumentException>();
    }
}
