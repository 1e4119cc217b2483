using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Who is connected. Here there is one node.</summary>
public abstract class DirectoryTests(RoutingMode mode) : RouterTests(mode)
{
    private static readonly ConnectionDetails Known = new()
    {
        Since = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123),
        Transport = "WebSockets",
        Client = "realtimehub-js/0.1.0",
        Session = "s 1 ü",
        Expires = DateTimeOffset.FromUnixTimeSeconds(1_790_003_600),
        Labels = ["tenant:7", "beta tester"],
    };

    [Fact]
    public async Task Each_connection_of_a_user_is_listed_with_what_is_known_of_it()
    {
        var bare = new ConnectionDetails { Since = Known.Since, Transport = "LongPolling" };
        await Router.AttachAsync(Alice, "a", known: null, Known);
        await Router.AttachAsync(Alice, "b", known: null, bare);
        await Router.AttachAsync(Bob, "c", known: null, bare);

        var connections = await Directory.ConnectionsOfAsync([Bob, Alice, Address.User("nobody")]);

        connections.Should().BeEquivalentTo(
        (AttachedConnection[][])[
            [new("c", Node.Id, bare)],
            [new("a", Node.Id, Known), new("b", Node.Id, bare)],
            [],
        ]);
    }

    [Fact]
    public async Task A_connection_that_is_attached_again_is_as_it_was_then()
    {
        await Router.AttachAsync(Alice, "a", known: null, Known with { Labels = [] });
        await Router.AttachAsync(Alice, "a", known: null, Known);

        (await Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEquivalentTo([new AttachedConnection("a", Node.Id, Known)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Who_is_connected_all_the_while_is_listed_once_however_small_the_pages_are(int limit)
    {
        string[] users = [.. Enumerable.Range(0, 300).Select(number => $"user {number}")];
        foreach (var few in users.Chunk(50))
        {
            await Task.WhenAll(few.Select(user => Router.AttachAsync(Address.User(user), $"first of {user}", known: null, Known)));
            await Task.WhenAll(few.Select(user => Router.AttachAsync(Address.User(user), $"second of {user}", known: null, Known)));
            await Task.WhenAll(few.Select(user => Router.AttachAsync(Address.Group(user), "member")));
        }

        await Router.AttachAsync(Address.Everyone, "nameless");

        var listed = await AllUsersAsync(limit);

        listed.Select(user => $"{user.Key}").Should().BeEquivalentTo(users.Select(user => $"user:{user}"));
        listed.Should().OnlyContain(user => user.Value.Count == 2);
    }

    [Fact]
    public async Task Who_has_gone_is_not_there()
    {
        await Router.AttachAsync(Alice, "a", known: null, Known);
        await Router.AttachAsync(Bob, "b", known: null, Known);
        await Router.DetachAsync(Alice, "a");

        (await Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEmpty();
        (await AllUsersAsync(100)).Select(user => user.Key).Should().Equal(Bob);
    }

    [Fact]
    public async Task Of_a_node_that_has_left_nobody_is_there()
    {
        await Router.AttachAsync(Alice, "a", known: null, Known);
        (await Directory.NodesAsync()).Should().Equal(Node.Id);

        await Node.Channel.CloseAsync();

        (await Directory.NodesAsync()).Should().BeEmpty();
        (await Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEmpty();
        (await AllUsersAsync(100)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("0198c7f2.-1")]
    [InlineData("0198c7f2.18446744073709551616")]
    public async Task A_cursor_that_no_page_has_ended_with_is_refused(string cursor) =>
        await Directory.Awaiting(directory => directory.UsersAsync(cursor, 100)).Should().ThrowAsync<FormatException>();

    private protected async Task<List<KeyValuePair<Address, IReadOnlyList<AttachedConnection>>>> AllUsersAsync(int limit)
    {
        var all = new List<KeyValuePair<Address, IReadOnlyList<AttachedConnection>>>();
        string? cursor = null;
        do
        {
            var page = await Directory.UsersAsync(cursor, limit);
            all.AddRange(page.Users);
            cursor = page.Next;
        }
        while (cursor is not null);

        return all;
    }

    public sealed class InMemory() : DirectoryTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : DirectoryTests(redis), IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task A_user_at_several_nodes_is_listed_once_with_all_his_connections()
        {
            await using var second = await _redis.OpenOneMoreAsync();
            await Router.AttachAsync(Alice, "1", known: null, Known);
            await second.Router.AttachAsync(Alice, "2", known: null, Known);
            await second.Router.AttachAsync(Bob, "3", known: null, Known);

            var listed = await AllUsersAsync(1);

            listed.Should().HaveCount(2).And.ContainSingle(user => user.Key == Bob);
            listed.Single(user => user.Key == Alice).Value.Select(connection => (connection.Id, connection.Node)).Should()
                .BeEquivalentTo([("1", Node.Id), ("2", second.Id)]);
        }

        [Fact]
        public async Task A_node_that_has_died_has_nobody_even_before_it_is_swept()
        {
            await using var second = await _redis.OpenOneMoreAsync();
            await second.Router.AttachAsync(Alice, "1", known: null, Known);
            await Router.AttachAsync(Alice, "2", known: null, Known);
            await second.Router.AttachAsync(Bob, "3", known: null, Known);

            await _redis.Redis.Database.KeyDeleteAsync($"hub:node:{second.Id}");

            (await Directory.NodesAsync()).Should().Equal(Node.Id);
            (await Directory.ConnectionsOfAsync([Alice, Bob])).Select(of => of.Select(connection => connection.Id)).Should()
                .BeEquivalentTo((string[][])[["2"], []]);
            (await AllUsersAsync(100)).Select(user => user.Key).Should().Equal(Alice);
        }

        [Fact]
        public async Task A_list_goes_on_at_the_next_node_when_one_dies_between_two_pages()
        {
            await using var second = await _redis.OpenOneMoreAsync();
            var (earlier, later) = string.CompareOrdinal(Node.Id.Value, second.Id.Value) < 0 ? (Node, second) : (second, Node);
            await earlier.Router.AttachAsync(Alice, "1", known: null, Known);
            await later.Router.AttachAsync(Bob, "2", known: null, Known);

            await _redis.Redis.Database.KeyDeleteAsync($"hub:node:{earlier.Id}");
            var page = await later.Directory.UsersAsync($"{earlier.Id}.17", 100);

            page.Users.Select(user => user.Key).Should().Equal(Bob);
            page.Next.Should().BeNull();
        }

        [Fact]
        public async Task Of_what_another_version_has_entered_as_much_is_told_as_can_be_read()
        {
            await _redis.Redis.Database.HashSetAsync("hub:{user%3Aalice}:connections",
            [
                new("older", $"1 {Node.Id}"), new("newer", $"1.7 {Node.Id}\nmood fine\nsince 1790000000123\ntransport Pigeon"),
                new("unreadable", $"2 {Node.Id}"), new("wrong", $"1 {Node.Id}\nsince yesterday"),
                new("never", $"1 {Node.Id}\nsince 9223372036854775807"),
            ]);

            var connections = (await Directory.ConnectionsOfAsync([Alice])).Single();

            connections.Should().BeEquivalentTo((AttachedConnection[])
            [
                new("older", Node.Id, Details: null), new("wrong", Node.Id, Details: null), new("never", Node.Id, Details: null),
                new("newer", Node.Id, new ConnectionDetails { Since = Known.Since, Transport = "Pigeon" }),
            ]);
        }

        [Fact]
        public async Task To_look_at_a_thousand_users_takes_two_round_trips()
        {
            Address[] users = [.. Enumerable.Range(0, 1_000).Select(number => Address.User($"user {number}"))];
            await Router.AttachAsync(users[7], "1", known: null, Known);
            await _redis.Redis.ResetCommandCallsAsync();

            (await Directory.ConnectionsOfAsync(users)).Sum(of => of.Count).Should().Be(1);

            var calls = await _redis.Redis.CommandCallsAsync();
            (calls["hgetall"], calls["exists"]).Should().Be((1_000, 1));
        }
    }
}
