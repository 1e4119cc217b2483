using System.Text;
using RabbitMQ.Client;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>Headers mean nothing to the hub, and whatever stands in them can neither end it nor hold it up.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqHeaderTests(RabbitServer rabbit, RabbitNodes nodes) : IClassFixture<RabbitNodes>
{
    /// <summary>The most that a broker takes with its defaults.</summary>
    private const int Frame = 128 * 1024;

    private static int _users;

    private readonly string _user = $"headed {Interlocked.Increment(ref _users)}";

    private string Key => $"user.{_user}";

    public static TheoryData<string, int> Nested => new()
    {
        { "arrays", 32 },
        { "arrays", 33 },
        { "arrays", 26_000 },
        { "tables", 32 },
        { "tables", 33 },
        { "tables", 21_000 },
    };

    [Fact]
    public async Task A_message_goes_on_in_the_trace_that_its_header_traceparent_names()
    {
        using var traced = new Traced();
        await nodes.Backend.PublishJsonAsync(
            Key, """{"type":"traced"}""", new BasicProperties { Headers = new Dictionary<string, object?> { ["traceparent"] = traced.Root.Id } });

        (await traced.SpanAsync("send user")).ParentSpanId.Should().Be(traced.Root.SpanId);
    }

    [Fact]
    public async Task A_message_whose_traceparent_is_none_is_published_without()
    {
        foreach (var header in (object?[])["00-\n", 7, null, new List<object?>()])
        {
            await nodes.Backend.PublishJsonAsync(
                Key, """{"type":"untraced"}""", new BasicProperties { Headers = new Dictionary<string, object?> { ["traceparent"] = header } });
        }

        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "untraced", "untraced", "untraced", "untraced");
    }

    [Theory]
    [MemberData(nameof(Nested))]
    public async Task Nested_headers_are_put_aside_beyond_32_levels_and_the_node_lives(string what, int levels)
    {
        await nodes.Backend.PublishJsonAsync(
            Key, """{"type":"nested"}""", new BasicProperties { Headers = new Dictionary<string, object?> { ["x"] = Nest(what, levels) } });
        await nodes.Backend.PublishAsync(Key, "after", messageId: null);

        if (levels <= 32)
        {
            await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "nested", "after");
            return;
        }

        var dead = await nodes.Backend.NextDeadAsync();
        RabbitBackend.Header(dead, "x-realtimehub-reason").Should().Be("The headers may be nested 32 levels deep at the most.");
        RabbitBackend.Header(dead, "x-realtimehub-left-out").Should().Be("headers");
        dead.BasicProperties.Headers.Should().NotContainKey("x");
        Encoding.UTF8.GetString(dead.Body.Span).Should().Be("""{"type":"nested"}""");
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "after");
    }

    [Theory]
    [InlineData("arrays", 26_000)]
    [InlineData("tables", 21_000)]
    public async Task The_server_as_it_is_run_lives_as_well(string what, int levels)
    {
        var queue = RabbitServer.NewName();
        await using var backend = await RabbitBackend.ConnectAsync(rabbit, queue);
        await using var server = ServerProcess.Start("Production", [.. rabbit.Settings(queue).Select(setting => $"--{setting.Key}={setting.Value}")]);
        await server.Announcement;
        await Eventually.HoldsAsync(() => Task.FromResult(server.Output.Contains("Takes messages from the queue", StringComparison.Ordinal)));

        await backend.PublishJsonAsync(
            "user.alice", """{"type":"nested"}""", new BasicProperties { Headers = new Dictionary<string, object?> { ["x"] = Nest(what, levels) } });

        RabbitBackend.Header(await backend.NextDeadAsync(), "x-realtimehub-reason").Should().Contain("32 levels");
        await server.TerminateAsync();
        (await server.ExitCodeAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public async Task Headers_as_large_as_a_frame_are_left_out_where_the_reason_needs_their_room(int room)
    {
        var headers = new Dictionary<string, object?> { ["x"] = new byte[Frame - 100 - room] };

        await nodes.Backend.PublishJsonAsync(Key, "{", new BasicProperties { Headers = headers, CorrelationId = "c" });
        await nodes.Backend.PublishAsync(Key, "after", messageId: null);

        var dead = (await nodes.Backend.NextDeadAsync()).BasicProperties;
        dead.CorrelationId.Should().Be("c");
        dead.Headers.Should().ContainKey("x-realtimehub-reason");
        dead.Headers!.ContainsKey("x").Should().Be(room >= 3_000);
        dead.Headers.ContainsKey("x-realtimehub-left-out").Should().Be(room < 3_000);
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "after");
    }

    [Fact]
    public async Task Many_small_ones_are_kept_where_they_fit()
    {
        var headers = Enumerable.Range(0, 9_000).ToDictionary(number => $"x{number:d5}", object? (number) => number);

        await nodes.Backend.PublishJsonAsync(Key, "{", new BasicProperties { Headers = headers });

        (await nodes.Backend.NextDeadAsync()).BasicProperties.Headers.Should().ContainKeys("x00000", "x08999", "x-realtimehub-reason");
    }

    [Fact]
    public async Task The_longest_reason_has_room_beside_the_longest_properties()
    {
        var longest = new string('p', 255);

        await nodes.Backend.PublishJsonAsync($"user.{new string('u', 250)}", $$"""{"{{new string('語', 20_000)}}":1}""", new BasicProperties
        {
            CorrelationId = longest,
            ReplyTo = longest,
            MessageId = longest,
            Type = longest,
            AppId = longest,
            ClusterId = longest,
            Headers = new Dictionary<string, object?> { ["x"] = new byte[Frame - 3_000] },
        });

        var dead = (await nodes.Backend.NextDeadAsync()).BasicProperties;
        Encoding.UTF8.GetString((byte[])dead.Headers!["x-realtimehub-reason"]!).Should().HaveLength(501).And.EndWith("語…");
        dead.ClusterId.Should().Be(longest);
    }

    [Theory]
    [InlineData(4 * 1024, "headers and properties")]
    [InlineData(8 * 1024, "headers")]
    public void The_reason_fits_into_the_smallest_frame_that_there_is(int frame, string leftOut)
    {
        var longest = new string('p', 255);
        var message = new QueuedMessage(1, false, longest, longest, new BasicProperties
        {
            CorrelationId = longest,
            ReplyTo = longest,
            MessageId = longest,
            Type = longest,
            AppId = longest,
            ClusterId = longest,
            ContentType = longest,
            ContentEncoding = longest,
            Headers = new Dictionary<string, object?> { ["x"] = new byte[frame] },
        }, default);

        var dead = DeadLetterProperties.Of(message, new string('語', 501), (uint)frame);

        ((IAmqpWriteable)dead).GetRequiredBufferSize().Should().BeLessThan(frame - 100);
        dead.Headers!["x-realtimehub-left-out"].Should().Be(leftOut);
        dead.Headers["x-realtimehub-reason"].Should().Be(new string('語', 501));
        dead.Persistent.Should().BeTrue();
    }

    [Theory]
    [InlineData("quorum")]
    [InlineData("classic")]
    public async Task What_the_library_cannot_read_is_put_aside_unread_and_those_around_it_are_delivered(string queueType)
    {
        var queue = RabbitServer.NewName();
        await using var backend = await RabbitBackend.ConnectAsync(rabbit, queue);
        await using var node = new Node([.. rabbit.Settings(queue), ("RabbitMq:QueueType", queueType)]);
        _ = node.Address;
        await RabbitMqTest.AreOpenAsync(node);
        await backend.PublishAsync("user.alice", "before", messageId: null);
        await RabbitMqTest.LogBecomesAsync(node, "alice", "before");

        var published = await CommandRun.OfProgramAsync("/usr/bin/python3", ["-c", $$"""
            import decimal, pika
            with pika.BlockingConnection(pika.URLParameters("amqp://guest:guest@127.0.0.1:{{rabbit.Port}}/%2F")) as connection:
                channel = connection.channel()
                for name in ("first", "second"):
                    channel.basic_publish("{{queue}}", "user.alice", name, pika.BasicProperties(headers={"d": decimal.Decimal("1E-29")}, delivery_mode=2))
            """], []);
        published.ExitCode.Should().Be(0, published.Error);
        await backend.PublishAsync("user.alice", "after", "order 7");

        await RabbitMqTest.LogBecomesAsync(node, "alice", "before", "after");
        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqUnreadable");
        await Eventually.HoldsAsync(async () => await backend.Channel.MessageCountAsync($"{queue}.dead") == 2);
        await backend.PublishAsync("user.alice", "goes on", messageId: null);
        await RabbitMqTest.LogBecomesAsync(node, "alice", "before", "after", "goes on");
    }

    [Fact]
    public async Task What_stands_in_a_routing_key_drives_no_terminal()
    {
        await nodes.Backend.PublishJsonAsync("user.Zo\u001b[2J\u009b", """{"type":"t"}""");

        RabbitBackend.Header(await nodes.Backend.NextDeadAsync(), "x-realtimehub-reason").Should().StartWith("The user in the routing key must be");
        await Eventually.HoldsAsync(() => Task.FromResult(DeadLettered().Any(line => line.Contains(@"user.Zo\u001b[2J\u009b", StringComparison.Ordinal))));
        DeadLettered().Should().NotContain(line => line.Contains('\u001b', StringComparison.Ordinal));

        IEnumerable<string> DeadLettered() =>
            nodes.First.Log.Lines.Concat(nodes.Second.Log.Lines).Where(line => line.Contains(" RabbitMqDeadLettered: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_lets_in_larger_frames_than_a_stack_bears_is_refused_until_it_does_not()
    {
        var queue = RabbitServer.NewName();
        await rabbit.ControlAsync("eval", "application:set_env(rabbit, frame_max, 1048576).");
        try
        {
            await using var node = new Node(rabbit.Settings(queue));
            _ = node.Address;
            await RabbitMqTest.HasLoggedAsync(node, "RabbitMqRefused");
            (await RabbitMqTest.ReadinessAsync(node)).Description.Should().StartWith("RabbitMQ lets in larger frames than the hub can read.");
            node.Log.Errors.Should().ContainSingle().Which.Should().ContainAll("1048576 bytes", "frame_max = 131072", "System.Threading.DefaultStackSize to 214748160");

            await rabbit.ControlAsync("eval", $"application:set_env(rabbit, frame_max, {Frame}).");
            await RabbitMqTest.AreOpenAsync(node);
        }
        finally
        {
            await rabbit.ControlAsync("eval", $"application:set_env(rabbit, frame_max, {Frame}).");
        }
    }

    [Fact]
    public async Task A_body_that_the_broker_takes_no_more_is_put_aside_by_the_broker_itself()
    {
        var queue = RabbitServer.NewName();
        await using var backend = await RabbitBackend.ConnectAsync(rabbit, queue);
        await using (var first = new Node(rabbit.Settings(queue)))
        {
            await RabbitMqTest.AreOpenAsync(first);
        }

        await backend.PublishJsonAsync("user.alice", new string('x', 300_000), new BasicProperties { Persistent = true });
        await rabbit.ControlAsync("eval", "application:set_env(rabbit, max_message_size, 200000).");
        try
        {
            await using var node = new Node(rabbit.Settings(queue));
            _ = node.Address;
            await RabbitMqTest.HasLoggedAsync(node, "RabbitMqRejected");
            (await backend.NextDeadAsync()).BasicProperties.Headers.Should().ContainKey("x-death");

            await RabbitMqTest.AreOpenAsync(node);
            await backend.PublishAsync("user.alice", "after", messageId: null);
            await RabbitMqTest.LogBecomesAsync(node, "alice", "after");
        }
        finally
        {
            await rabbit.ControlAsync("eval", "application:set_env(rabbit, max_message_size, 134217728).");
        }
    }

    private static object? Nest(string what, int levels)
    {
        object? nested = 1;
        for (var level = 0; level < levels; level++)
        {
            nested = what == "arrays" ? new List<object?> { nested } : new Dictionary<string, object?> { [""] = nested };
        }

        return nested;
    }
}
