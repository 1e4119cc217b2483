using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>
/// A node beside one of another version, of which there are the bytes that it has sent and written. What a node of version 1 sends stands
/// here as it was recorded: who changes it breaks every upgrade that is under way.
/// </summary>
public sealed class TwoVersionsTests(RedisRouting redis) : RouterTests(redis), IClassFixture<RedisRouting>
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly RedisKey Log = "hub:{user%3Aalice}:log";
    private static readonly RedisKey Head = "hub:{user%3Aalice}:head";
    private static readonly RedisKey Connections = "hub:{user%3Aalice}:connections";

    private IDatabase Database => redis.Redis.Database;

    private string OwnChannel => $"hub:db0:node:{Node.Id}";

    [Fact]
    public async Task What_a_node_of_version_1_has_sent_is_delivered_as_it_was_meant()
    {
        await SendAsync("1 message\naddress user:alice\nnode 0193\nid 1790000000000002-7\nafter 1790000000000001-9\n\n\"type\":\"t\"}");
        await SendAsync("1 message\naddress user:alice\nid 0-8146094729385471\n\n\"type\":\"typing\"}");
        await SendAsync("1 message\naddress user:alice\nnode 0193\nid 1790000000000003-8\nafter 1790000000000003-8\n\n");
        await SendAsync("1 command\nnode 0193\n\n{\"kind\":\"callConnections\",\"connections\":[]}\n");

        var delivered = await Node.DeliveredAsync();
        delivered.Select(message => (message.Id, message.After, TextOf(message), Text(message.Sender), message.IsGap)).Should().Equal(
            (new Cursor(1790000000000002, 7), new Cursor(1790000000000001, 9), "\"type\":\"t\"}", "0193", false),
            (new Cursor(0, 8146094729385471), null, "\"type\":\"typing\"}", "", false),
            (new Cursor(1790000000000003, 8), new Cursor(1790000000000003, 8), "", "0193", true));
        Node.Commands.Should().Equal("{\"kind\":\"callConnections\",\"connections\":[]}\n");
    }

    [Fact]
    public async Task A_message_is_sent_to_a_node_of_version_1_as_it_was_recorded()
    {
        await EnterAsync("c1", "1 0193");
        var start = await Router.HeadAsync(Alice);
        var sent = await ListenAsync("hub:db0:node:0193");

        var durable = await Router.PublishAsync(To(Alice, "durable"));
        var traced = await Router.PublishAsync(To(Alice, "traced") with { TraceParent = Trace });
        var transient = await Router.PublishAsync(To(Alice, "transient") with { IsTransient = true });
        await Router.SendCommandAsync(Alice, "command"u8.ToArray());

        (await TakeAsync(sent, 4)).Should().Equal(
            $"1 message\naddress user:alice\nnode {Node.Id}\nid {durable}\nafter {start}\n\ndurable",
            $"1 message\naddress user:alice\nnode {Node.Id}\ntraceparent {Trace}\nid {traced}\nafter {durable}\n\ntraced",
            $"1 message\naddress user:alice\nnode {Node.Id}\nid {transient}\n\ntransient",
            $"1 command\nnode {Node.Id}\n\ncommand");
    }

    [Fact]
    public async Task What_a_node_has_entered_is_what_a_node_of_version_1_reads()
    {
        await Router.AttachAsync(Alice, "c1");
        await Router.AttachAsync(Address.Group("room"), "c1");
        var start = await Router.HeadAsync(Alice);
        await Router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "key", Fingerprint = "print" });

        (await Database.HashGetAsync(Connections, "c1")).Should().Be($"1 {Node.Id}");
        (await Database.HashGetAsync("hub:{group%3Aroom}:nodes", Node.Id.Value)).Should().Be($"1 {Node.Id}");
        (await Database.HashGetAllAsync($"hub:node:{Node.Id}:attached")).Should().BeEquivalentTo(
            [new HashEntry("c1", "1 user:alice"), new HashEntry("group:room", "1 group:room")]);
        (await Database.StringGetAsync($"hub:node:{Node.Id}")).ToString().Should().MatchRegex("^1 [0-9]+$");
        var entry = (await Database.StreamRangeAsync(Log)).Should().ContainSingle().Subject;
        entry.Values.Select(field => field.Name.ToString()).Should().Equal("record", "body");
        entry["record"].ToString().Should().MatchRegex($"^1 {start}\nat [0-9]+ [0-9]+$");
        (await Database.StringGetAsync("hub:{user%3Aalice}:published:key")).Should().Be($"1 {entry.Id}\nfingerprint print");
    }

    [Fact]
    public async Task Of_a_newer_node_s_frames_what_is_known_is_taken_in_its_order_and_the_rest_skipped()
    {
        await SendAsync("1.7 message\npriority high\naddress user:alice\nid 5-1\nafter 4-1\nsize 3\n\none");
        await SendAsync("1 presence\naddress user:alice\nid 5-2\nafter 5-1\n\nnobody knows this kind");
        await SendAsync("1 message\nid 6-1\nafter 5-1\naddress user:alice\n\ntwo");
        await SendAsync("2 message\naddress user:alice\nid 7-1\nafter 6-1\n\nnobody knows this version");
        await SendAsync("1.12 message\naddress user:alice\naddress-hash 7\nid 8-1\nafter 7-1\n\nthree\n\nlines");
        await SendAsync("{\"not\":\"ours\"}");
        await SendAsync("");
        await SendAsync($"1 message\naddress user:alice\ntraceparent {Trace}\nid 9-1\nafter 8-1\n\nfour");

        var delivered = await Node.DeliveredAsync();
        delivered.Select(TextOf).Should().Equal("one", "two", "three\n\nlines", "four");
        delivered.Select(message => message.Id.Offset).Should().Equal(5, 6, 8, 9);
        delivered.Select(message => message.TraceParent).Should().Equal(null, null, null, Trace);
    }

    [Fact]
    public async Task A_publish_reaches_the_nodes_of_a_directory_whatever_newer_nodes_have_written_there()
    {
        await Router.AttachAsync(Alice, "c1");
        await EnterAsync("c2", "1.4 newer\nsince 1790000000\nclient js 9.9\nexp 1790000600");
        await EnterAsync("c3", "1 newer\nlabels a b c");
        await EnterAsync("c4", "2 {\"node\":\"newest\"}");
        await EnterAsync("c5", "");
        var newer = await ListenAsync("hub:db0:node:newer");

        await PublishAsync("hello");
        await Router.PublishAsync(To(Alice, "typing") with { IsTransient = true });

        (await Node.DeliveredAsync()).Select(TextOf).Should().Equal("hello", "typing");
        (await TakeAsync(newer, 2)).Select(frame => frame.Split("\n\n")[1]).Should().Equal("hello", "typing");
    }

    [Fact]
    public async Task What_a_newer_node_leaves_when_it_dies_is_swept()
    {
        await Router.AttachAsync(Alice, "c1");
        await EnterAsync("c2", "1.4 newer\nsince 1790000000");
        await Database.HashSetAsync("hub:{group%3Aroom}:nodes", "newer", "1.4 newer\nmembers 3");
        await Database.HashSetAsync("hub:node:newer:attached",
            [new("c2", "1.4 user:alice\nsince 1790000000"), new("group:room", "1.4 group:room")]);
        await Database.SetAddAsync("hub:nodes", "newer");

        await SweepAsync();

        (await Database.HashKeysAsync(Connections)).Should().Equal("c1");
        (await Database.KeyExistsAsync("hub:{group%3Aroom}:nodes")).Should().BeFalse();
    }

    [Fact]
    public async Task What_a_dead_node_has_noted_and_this_version_cannot_read_stays_until_a_node_sweeps_that_can()
    {
        await Database.HashSetAsync("hub:node:newest:attached",
            [new("c2", "1 user:alice"), new("x", "1.4 something else"), new("y", "2 user:bob"), new("z", "")]);
        await Database.SetAddAsync("hub:nodes", "newest");

        await SweepAsync();
        Node.Services.GetRequiredService<TimeProvider>().Should().BeOfType<FakeTimeProvider>().Subject.Advance(RedisSweeper.Aftermath);
        await SweepAsync();

        // The node's own heartbeat sweeps as well, now that time has passed.
        await Eventually.HoldsAsync(async () => !(await CallsOfSweepAsync()).ContainsKey("hscan"));
        (await Database.HashKeysAsync("hub:node:newest:attached")).Should().BeEquivalentTo(new RedisValue[] { "x", "y", "z" });
        (await Database.SetMembersAsync("hub:nodes")).Should().BeEquivalentTo(new RedisValue[] { Node.Id.Value, "newest" });
    }

    [Fact]
    public async Task Entries_of_a_newer_publisher_are_read_by_their_names()
    {
        var first = (await PublishAsync("first"))[0];
        var second = await AppendAsync(first, ("trace", Trace), ("body", "second"), ("record", $"1.3 {first}\nsize 6\nat {Now} 0"));

        var third = (await PublishAsync("third"))[0];

        var page = await ReadAsync(first);
        (page.Recovered, page.Cursor).Should().Be((true, third));
        TextsOf(page).Should().Equal("second", "third");
        page.Messages.Select(message => message.After).Should().Equal(first, second);
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_is_told_as_a_loss_and_stays_for_those_who_can()
    {
        var first = (await PublishAsync("first"))[0];
        var unreadable = await AppendAsync(first, ("record", $"2 {first}\nat {Now} 0"), ("body", "second"));

        await PublishAsync([.. Enumerable.Range(0, 16).Select(number => $"{number}")]);

        var page = await ReadAsync(first);
        page.Recovered.Should().BeFalse();
        page.Messages.Should().HaveCount(16);
        (await ReadAsync(unreadable)).Recovered.Should().BeTrue();
        (await Database.StreamLengthAsync(Log)).Should().Be(18);
    }

    [Fact]
    public async Task The_result_of_a_newer_publisher_s_key_is_read_and_one_that_cannot_be_read_publishes_nothing()
    {
        await Database.StringSetAsync("hub:{user%3Aalice}:published:newer", "1.2 17-1\nbackend shop\nfingerprint print");
        await Database.StringSetAsync("hub:{user%3Aalice}:published:newest", "2 17-1");

        (await Router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "newer", Fingerprint = "print" })).Should().Be(new Cursor(17, 1));
        await Router.Awaiting(router => router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "newer", Fingerprint = "other" }))
            .Should().ThrowAsync<IdempotencyConflictException>();
        await Router.Awaiting(router => router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "newest" }))
            .Should().ThrowAsync<IdempotencyConflictException>();

        (await RetainedAsync(Alice)).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task A_process_that_is_no_node_names_none_and_attaches_nobody()
    {
        await Router.AttachAsync(Alice, "c1");
        await using var backend = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create("Redis:Connection", (string?)redis.Redis.Connection)]).Build())
            .AddMessageRouter().BuildServiceProvider();
        var publisher = backend.GetRequiredService<IMessageRouter>();

        await publisher.PublishAsync(To(Alice, "by a backend"));
        await PublishAsync("by a node");

        var delivered = await Node.DeliveredAsync();
        delivered.Select(message => Text(message.Sender)).Should().Equal("", Node.Id.Value);
        await publisher.Awaiting(router => router.AttachAsync(Alice, "c2")).Should().ThrowAsync<InvalidOperationException>();
    }

    private Task SweepAsync() => Node.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(Node.Id);

    /// <summary>What a sweep asks Redis for: who cannot read something looks at it no more.</summary>
    private async Task<IReadOnlyDictionary<string, int>> CallsOfSweepAsync()
    {
        await redis.Redis.ResetCommandCallsAsync();
        await SweepAsync();
        return await redis.Redis.CommandCallsAsync();
    }

    private static string Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private Task<long> SendAsync(string frame) => Database.PublishAsync(RedisChannel.Literal(OwnChannel), frame);

    private Task<bool> EnterAsync(string connection, string value) => Database.HashSetAsync(Connections, connection, value);

    /// <summary>Appends an entry as another version would, and makes it the head.</summary>
    private async Task<Cursor> AppendAsync(Cursor after, params (string Name, string Value)[] fields)
    {
        var id = new Cursor(after.Offset + 1, 42);
        await Database.StreamAddAsync(Log, [.. fields.Select(field => new NameValueEntry(field.Name, field.Value))], id.ToString());
        await Database.HashSetAsync(Head, "id", id.ToString());
        return id;
    }

    private async Task<ChannelMessageQueue> ListenAsync(string channel) =>
        await Database.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel));

    private static async Task<IReadOnlyList<string>> TakeAsync(ChannelMessageQueue queue, int count)
    {
        var frames = new List<string>();
        while (frames.Count < count)
        {
            frames.Add((await queue.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Message!);
        }

        return frames;
    }
}
