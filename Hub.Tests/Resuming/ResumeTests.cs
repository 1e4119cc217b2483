using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Resuming;

/// <summary>What <c>Resume</c> answers, asked by a stock client. The routers' own suite has every kind of cursor.</summary>
public sealed class ResumeTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"user {Interlocked.Increment(ref _users)}";

    private Address User => Address.User(_user);

    [Fact]
    public async Task A_first_visit_begins_at_the_head_of_each_address()
    {
        await PublishAsync(User, "before");
        await using var client = await ConnectAsync(nodes.First, "room");

        var answer = await ResumeAsync(client, new { from = "head" });

        answer.Addresses.Should().BeEquivalentTo($"user:{_user}", "group:room", "everyone");
        answer[User].Should().BeEquivalentTo(new { Recovered = true, Types = Array.Empty<string>() });
        answer.More.Should().BeFalse();
    }

    [Fact]
    public async Task What_was_published_while_a_client_was_away_is_answered_in_order()
    {
        var cursor = await PublishAsync(User, "seen");
        await PublishAsync(User, "one");
        var last = await PublishAsync(User, "two");
        await using var client = await ConnectAsync(nodes.First);

        var answer = await ResumeAsync(client, Cursors((User, cursor)));

        answer[User].Should().BeEquivalentTo(new { Recovered = true, Types = new[] { "one", "two" }, Cursor = last });
        answer.Addresses.Should().Equal($"user:{_user}");
    }

    [Fact]
    public async Task Whoever_asks_for_all_that_is_kept_gets_it()
    {
        await PublishAsync(User, "one");
        var last = await PublishAsync(User, "two");
        await using var client = await ConnectAsync(nodes.First);

        var answer = await ResumeAsync(client, new { from = "retained" });

        answer[User].Should().BeEquivalentTo(new { Recovered = true, Types = new[] { "one", "two" }, Cursor = last });
    }

    [Theory]
    [InlineData("garbled")]
    [InlineData("")]
    [InlineData("-1-2")]
    [InlineData("1")]
    [InlineData("99999999999999999999999-1")]
    [InlineData("18446744073709551615-18446744073709551615")]
    [InlineData("(1-1")]
    [InlineData("+")]
    [InlineData("0-0")]
    public async Task A_forged_cursor_is_not_recovered_and_gets_nobody_elses_mail(string cursor)
    {
        await PublishAsync(Address.User("somebody else"), "secret");
        await PublishAsync(User, "own");
        await using var client = await ConnectAsync(nodes.First);

        var answer = await ResumeAsync(client, Cursors((User, cursor)));

        answer[User].Recovered.Should().BeFalse();
        answer[User].Types.Should().BeSubsetOf(["own"]);
        nodes.First.Log.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_cursor_of_another_address_is_not_recovered()
    {
        var foreign = await PublishAsync(Address.User("somebody else"), "secret");
        await using var client = await ConnectAsync(nodes.First);

        var answer = await ResumeAsync(client, Cursors((User, foreign)));

        answer[User].Should().BeEquivalentTo(new { Recovered = false, Types = Array.Empty<string>() });
    }

    [Theory]
    [InlineData("user:somebody else")]
    [InlineData("group:not mine")]
    [InlineData("user:")]
    [InlineData("nonsense")]
    public async Task The_addresses_of_others_are_refused(string address)
    {
        var cursor = await PublishAsync(Address.User("somebody else"), "secret");
        await using var client = await ConnectAsync(nodes.First, "mine");

        var answer = await ResumeAsync(client, new { cursors = new Dictionary<string, string> { [address] = cursor } });

        answer.Refused.Should().Equal(address);
        answer.Addresses.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"from":"yesterday"}""")]
    [InlineData("""{"from":1}""")]
    [InlineData("""{"cursors":7}""")]
    [InlineData("""{"cursors":{"everyone":7}}""")]
    [InlineData("7")]
    public async Task A_request_that_is_none_is_refused_and_the_connection_goes_on(string request)
    {
        await using var client = await ConnectAsync(nodes.First);

        await client.Invoking(connection => connection.InvokeAsync("Resume", JsonSerializer.Deserialize<JsonElement>(request)))
            .Should().ThrowAsync<Exception>();

        (await ResumeAsync(client, new { from = "head" })).Addresses.Should().Contain("everyone");
        nodes.First.Log.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_too_much_for_one_page_comes_in_several_of_at_most_256_KB()
    {
        var cursor = await PublishAsync(User, "seen");
        for (var number = 0; number < 20; number++)
        {
            await nodes.Second.Publisher.PublishAsync(User, $"n{number}", new string('x', 60_000));
        }

        await using var client = await ConnectAsync(nodes.First);
        var types = new List<string>();
        ResumeReply answer;
        do
        {
            answer = await ResumeAsync(client, Cursors((User, cursor)));
            answer.Size.Should().BeLessThanOrEqualTo(256 * 1024);
            answer[User].Recovered.Should().BeTrue();
            types.AddRange(answer[User].Types);
            cursor = answer[User].Cursor;
        }
        while (answer.More);

        types.Should().Equal(Enumerable.Range(0, 20).Select(number => $"n{number}"));
    }

    [Fact]
    public async Task What_is_too_much_of_several_addresses_comes_in_several_pages_and_whole()
    {
        string[] groups = [.. Enumerable.Range(0, 6).Select(number => $"{_user} {number}")];
        await using var client = await ConnectAsync(nodes.First, groups);
        var cursors = new Dictionary<string, string>();
        foreach (var group in groups)
        {
            cursors[$"group:{group}"] = await PublishAsync(Address.Group(group), "seen");
            await nodes.Second.Publisher.PublishAsync(Address.Group(group), group, new string('x', 60_000));
        }

        var types = await ResumeToTheEndAsync(client, cursors);

        types.Should().BeEquivalentTo(groups);
    }

    [Fact]
    public async Task However_long_the_names_of_its_addresses_are_a_page_has_at_most_256_KB()
    {
        // What is outside Unicode's first plane takes six bytes a character in JSON.
        var smiles = string.Concat(Enumerable.Repeat("\U0001F600", 115));
        string[] groups = [.. Enumerable.Range(0, 250).Select(number => $"{_user} {number} {smiles}")];
        await using var client = await ConnectAsync(nodes.First);
        foreach (var group in groups)
        {
            await nodes.First.Hub.Groups.AddToGroupAsync(client.ConnectionId!, group);
        }

        var cursors = new Dictionary<string, string>();
        await ResumeToTheEndAsync(client, cursors);

        cursors.Should().ContainKeys(groups.Select(group => $"group:{group}"));
    }

    [Fact]
    public async Task A_client_in_a_thousand_groups_gets_what_it_missed_in_all_of_them()
    {
        string[] groups = [.. Enumerable.Range(0, 999).Select(number => $"{_user} {number}")];
        await using (var before = await ConnectAsync(nodes.First, groups))
        {
            foreach (var group in groups)
            {
                await PublishAsync(Address.Group(group), group);
            }
        }

        await using var client = await ConnectAsync(nodes.First, groups);
        var cursors = new Dictionary<string, string>();
        var types = new List<string>();
        ResumeReply answer;
        do
        {
            answer = await ResumeAsync(client, new { cursors, from = "retained" });
            answer.Addresses.Count(address => !cursors.ContainsKey(address)).Should().BeLessThanOrEqualTo(100, "no call reads more logs");
            foreach (var address in answer.Addresses)
            {
                cursors[address] = answer[address].Cursor;
                types.AddRange(answer[address].Types.Where(type => type.StartsWith(_user, StringComparison.Ordinal)));
            }
        }
        while (answer.More);

        types.Should().BeEquivalentTo(groups);
    }

    [Fact]
    public async Task The_answer_of_a_mint_begins_before_what_is_published_next()
    {
        using var request = Node.Api("/api/tokens", new { sub = _user });
        var minted = await (await nodes.First.Client.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
        await PublishAsync(User, "while the page loads");
        await using var client = nodes.Second.ClientFor(() => Task.FromResult(minted.GetProperty("token").GetString()));
        await client.StartAsync();

        var answer = await ResumeAsync(client, new { cursors = minted.GetProperty("cursors"), from = "head" });

        answer[User].Should().BeEquivalentTo(new { Recovered = true, Types = new[] { "while the page loads" } });
    }

    /// <summary>Resumes from the cursors and, where there is none, from the head, until there is no more. Moves the cursors on.</summary>
    /// <returns>The types of what was missed.</returns>
    private static async Task<List<string>> ResumeToTheEndAsync(HubConnection client, Dictionary<string, string> cursors)
    {
        var types = new List<string>();
        ResumeReply answer;
        do
        {
            answer = await ResumeAsync(client, new { cursors, from = "head" });
            answer.Size.Should().BeLessThanOrEqualTo(256 * 1024);
            foreach (var address in answer.Addresses)
            {
                cursors[address] = answer[address].Cursor;
                types.AddRange(answer[address].Types);
            }
        }
        while (answer.More);

        return types;
    }

    private static object Cursors(params (Address Address, string Cursor)[] cursors) =>
        new { cursors = cursors.ToDictionary(entry => entry.Address.ToString(), entry => entry.Cursor) };

    private static async Task<ResumeReply> ResumeAsync(HubConnection client, object request) =>
        new(await client.InvokeAsync<JsonElement>("Resume", request));

    private Task<string> PublishAsync(Address address, string type) => nodes.Second.Publisher.PublishAsync(address, type, 1);

    private async Task<HubConnection> ConnectAsync(Node node, params string[] groups)
    {
        var client = node.ClientFor(async () => await node.MintAsync(_user, groups));
        await client.StartAsync();
        return client;
    }
}
