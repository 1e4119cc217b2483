using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Resuming;

namespace RealtimeHub.Tests.Publishing;

public sealed class PublisherTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"user {Interlocked.Increment(ref _users)}";

    private Address User => Address.User(_user);

    public static TheoryData<string, string, PublishOptions?, string> Mistakes => new()
    {
        { "", "1", null, "type" },
        { new string('t', 129), "1", null, "type" },
        { "a\nb", "1", null, "type" },
        { "t", $"\"{new string('x', 64 * 1024)}\"", null, "64 KB" },
        { "t", "1", new PublishOptions { IdempotencyKey = "" }, "idempotency key" },
        { "t", "1", new PublishOptions { IdempotencyKey = new string('k', 257) }, "idempotency key" },
        { "t", "1", new PublishOptions { TimeToLive = TimeSpan.Zero }, "time to live" },
        { "t", "1", new PublishOptions { TimeToLive = TimeSpan.FromDays(366) }, "time to live" },
        { "t", "1", new PublishOptions { Transient = true, IdempotencyKey = "k" }, "transient" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task What_breaks_a_rule_is_not_published(string type, string payload, PublishOptions? options, string named)
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);
        var wrong = new Publication(User, type, JsonSerializer.Deserialize<JsonElement>(payload), options);

        var publish = () => nodes.Second.Publisher.PublishAsync([Publication.Of(User, "fine", 1), wrong]);

        (await publish.Should().ThrowAsync<ArgumentException>()).WithMessage($"*{named}*");
        await nodes.Second.Publisher.PublishAsync(User, "end", 1);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("end", "of a batch with a mistake nothing is sent");
    }

    [Fact]
    public async Task Nothing_is_published_to_no_address() =>
        await nodes.First.Publisher.Awaiting(publisher => publisher.PublishAsync(default, "t", 1)).Should().ThrowAsync<ArgumentException>();

    [Fact]
    public async Task The_longest_payload_arrives_whole()
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);
        var longest = new string('é', (64 * 1024 / 2) - 1);

        await nodes.Second.Publisher.PublishAsync(User, "t", JsonSerializer.Deserialize<JsonElement>($"\"{longest}\""));

        (await received.NextAsync()).GetProperty("payload").GetString().Should().Be(longest);
    }

    [Fact]
    public async Task A_batch_arrives_in_its_order_and_answers_with_the_ids()
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);

        var ids =
            await nodes.Second.Publisher.PublishAsync([.. Enumerable.Range(0, 1_000).Select(number => Publication.Of(User, $"n{number}", number))]);

        for (var number = 0; number < 1_000; number++)
        {
            var message = await received.NextAsync();
            message.GetProperty("type").GetString().Should().Be($"n{number}");
            message.GetProperty("id").GetString().Should().Be(ids[number]);
        }
    }

    [Fact]
    public async Task A_batch_keeps_its_order_when_Redis_has_forgotten_the_script()
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);
        await nodes.Second.Publisher.PublishAsync(User, "known", 0);
        await nodes.Redis.Server.ScriptFlushAsync();

        await nodes.Second.Publisher.PublishAsync([.. Enumerable.Range(0, 200).Select(number => Publication.Of(User, $"n{number}", number))]);

        await received.NextAsync();
        for (var number = 0; number < 200; number++)
        {
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be($"n{number}");
        }
    }

    [Fact]
    public async Task Of_a_batch_that_Redis_does_not_answer_to_each_message_is_told_so()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        var publisher = node.Services.GetRequiredService<Publisher>();
        var messages =
            Enumerable.Range(0, 10).Select(number => publisher.Encode(CheckedPublication.Of(Publication.Of(User, $"n{number}", number)))).ToList();
        var ids = await Task.WhenAll(publisher.PublishEach(messages));
        ids.Distinct().Should().HaveCount(10);
        redis.Kill();

        foreach (var publishing in publisher.PublishEach(messages))
        {
            await publishing.Awaiting(task => task).Should().ThrowAsync<StoreUnavailableException>();
        }
    }

    [Fact]
    public async Task Of_a_batch_with_idempotency_keys_none_overtakes_one_that_could_not_be_published()
    {
        var publisher = nodes.Second.Services.GetRequiredService<Publisher>();
        var messages = Enumerable.Range(0, 5).Select(number => publisher.Encode(CheckedPublication.Of(
            Publication.Of(User, $"n{number}", number, new PublishOptions { IdempotencyKey = $"key {number}" })))).ToList();
        var second = $"hub:{{{Uri.EscapeDataString(User.ToString())}}}:published:process:key 1";
        await nodes.Redis.Database.ListLeftPushAsync(second, "makes Redis refuse the second");

        var publishing = publisher.PublishEach(messages);

        await publishing[0];
        foreach (var behind in publishing.Skip(1))
        {
            await behind.Awaiting(task => task).Should().ThrowAsync<Exception>();
        }

        await publishing[4].Awaiting(task => task).Should().ThrowAsync<StoreUnavailableException>("it may be tried again");
        (await RetainedAsync()).Should().Equal("n0");
        await nodes.Redis.Database.KeyDeleteAsync(second);
        await Task.WhenAll(publisher.PublishEach(messages));
        (await RetainedAsync()).Should().Equal("n0", "n1", "n2", "n3", "n4");
    }

    [Fact]
    public async Task Every_client_sees_the_one_order_of_the_log_whoever_publishes_at_once()
    {
        await using var near = nodes.First.ClientFor(_user);
        await using var far = nodes.Second.ClientFor(_user);
        var clients = new[] { await Received.ByAsync(near), await Received.ByAsync(far) };

        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => Task.Run(
            () => (number % 2 == 0 ? nodes.First : nodes.Second).Publisher.PublishAsync(User, $"n{number}", number))));

        await using var later = nodes.First.ClientFor(_user);
        await later.StartAsync();
        var log = new ResumeReply(await later.InvokeAsync<JsonElement>("Resume", new { from = "retained" }))[User].Types;
        log.Should().HaveCount(400);
        foreach (var received in clients)
        {
            var seen = new List<string?>();
            while (seen.Count < 400)
            {
                seen.Add((await received.NextAsync()).GetProperty("type").GetString());
            }

            seen.Should().Equal(log);
        }
    }

    [Fact]
    public async Task The_same_idempotency_key_from_two_nodes_at_once_is_one_message()
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);
        var once = new PublishOptions { IdempotencyKey = "order 7 shipped" };

        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(
            () => (number % 2 == 0 ? nodes.First : nodes.Second).Publisher.PublishAsync(User, "once", 1, once))));
        await nodes.First.Publisher.PublishAsync(User, "end", 1);

        ids.Distinct().Should().ContainSingle();
        (await received.NextAsync()).GetProperty("id").GetString().Should().Be(ids[0]);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("end");
    }

    [Fact]
    public async Task A_transient_message_reaches_who_is_there_and_stands_in_no_log()
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);

        var id = await nodes.Second.Publisher.PublishAsync(User, "typing", 1, new PublishOptions { Transient = true });
        await nodes.Second.Publisher.PublishAsync(Address.Everyone, "typing", 1, new PublishOptions { Transient = true });

        // Between addresses there is no order.
        var messages =
            new[] { await received.NextAsync(), await received.NextAsync() }.ToDictionary(message => message.GetProperty("address").GetString()!);
        messages.Keys.Should().BeEquivalentTo($"user:{_user}", "everyone");
        messages[$"user:{_user}"].GetProperty("id").GetString().Should().Be(id);
        messages.Values.Should().OnlyContain(message => !HasAfter(message));
        await using var later = nodes.First.ClientFor(_user);
        await later.StartAsync();
        new ResumeReply(await later.InvokeAsync<JsonElement>("Resume", new { from = "retained" }))[User].Types.Should().BeEmpty();
    }

    [Fact]
    public async Task A_message_is_not_delivered_after_its_time_to_live()
    {
        await using (var before = nodes.First.ClientFor(_user))
        {
            await Received.ByAsync(before);
        }

        await nodes.Second.Publisher.PublishAsync(User, "brief", 1, new PublishOptions { TimeToLive = TimeSpan.FromMilliseconds(1) });
        await nodes.Second.Publisher.PublishAsync(User, "lasting", 1);
        await Eventually.HoldsAsync(async () => (await RetainedAsync()).SequenceEqual(["lasting"]));
    }

    [Fact]
    public async Task A_publisher_outside_of_the_hub_that_could_reach_nobody_does_not_start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddRealtimeHubPublisher();
        using var worker = builder.Build();

        (await worker.Awaiting(host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("*Redis:Connection is empty*");
    }

    [Fact]
    public async Task While_Redis_is_away_a_publisher_is_told_so()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        await node.Publisher.PublishAsync(User, "t", 1);
        redis.Kill();

        await node.Publisher.Awaiting(publisher => publisher.PublishAsync(User, "t", 1)).Should().ThrowAsync<StoreUnavailableException>();
    }

    private async Task<string[]> RetainedAsync()
    {
        await using var client = nodes.First.ClientFor(_user);
        await client.StartAsync();
        return new ResumeReply(await client.InvokeAsync<JsonElement>("Resume", new { from = "retained" }))[User].Types;
    }

    private static bool HasAfter(JsonElement message) => message.TryGetProperty("after", out _);
}
