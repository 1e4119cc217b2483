using System.Text;
using System.Text.RegularExpressions;
using RabbitMQ.Client;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>The examples of the docs, taken from there and run.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed partial class RabbitMqDocsTests(RabbitServer rabbit)
{
    private const string Queue = "realtimehub";

    [Fact]
    public async Task The_examples_of_the_protocol_reach_Alice()
    {
        await using var node = await StartAsync();
        await using var client = node.ClientFor("alice", skipNegotiation: true);
        var received = await Received.ByAsync(client);

        foreach (var (program, language) in new[] { ("/usr/bin/python3", "python"), ("/bin/sh", "sh") })
        {
            await RunAsync(program, "-c", Example("protocol.md", language, "realtimehub"));

            var message = await received.NextAsync();
            message.GetProperty("type").GetString().Should().Be("order.shipped");
            message.GetProperty("payload").GetRawText().Replace(" ", "", StringComparison.Ordinal).Should().Be("""{"id":7}""");
        }
    }

    [Fact]
    public async Task The_example_of_operations_publishes_dead_letters_again_where_they_were_published_first()
    {
        await using var backend = await RabbitBackend.ConnectAsync(rabbit, Queue);
        await using (await StartAsync())
        {
            await backend.PublishJsonAsync("user.bob.b", "{", new BasicProperties { MessageId = "malformed" });
            await DeadAsync(backend, 1);
        }

        await backend.PublishJsonAsync("user.carol", """{"type":"late"}""", new BasicProperties { Expiration = "1" });
        await DeadAsync(backend, 2);
        await using var node = await StartAsync();

        var output = await RunAsync("/usr/bin/python3", "-c", Example("operations.md", "python", "realtimehub.dead"));

        output.Should().Contain("user.bob.b At $").And.Contain("user.carol expired");
        await RabbitMqTest.LogBecomesAsync(node, "carol", "late");
        var again = await backend.NextDeadAsync();
        (again.BasicProperties.MessageId, Encoding.UTF8.GetString(again.Body.Span)).Should().Be(("malformed", "{"), "it is still malformed");
        RabbitBackend.Header(again, "x-realtimehub-routing-key").Should().Be("user.bob.b");
        await DeadAsync(backend, 0);
    }

    [Fact]
    public async Task The_permissions_that_operations_names_are_enough()
    {
        foreach (var command in Example("operations.md", "sh", "set_permissions").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await rabbit.ControlAsync([.. Word().Matches(command).Skip(1).Select(match => match.Value.Trim('\'', '"'))]);
        }

        await using var node = await StartAsync("hub:%24HUB_PASSWORD");
        await using var backend = await RabbitBackend.ConnectAsync(rabbit, Queue);
        await backend.PublishJsonAsync("user.dora", "{");
        await backend.NextDeadAsync();

        await RunAsync("/usr/bin/python3", "-c", Example("protocol.md", "python", "realtimehub"), "shop:%24SHOP_PASSWORD");

        await RabbitMqTest.LogBecomesAsync(node, "alice", "order.shipped");
    }

    private static Task DeadAsync(RabbitBackend backend, uint count) =>
        Eventually.HoldsAsync(async () => await backend.Channel.MessageCountAsync($"{Queue}.dead") == count);

    /// <summary>The one example of a page that is in a language and says something.</summary>
    private static string Example(string page, string language, string said) =>
        Page.Blocks($"docs/{page}").Single(block => block.Language == language && block.Text.Contains(said, StringComparison.Ordinal)).Text;

    private async Task<string> RunAsync(string program, string option, string code, string user = "guest:guest")
    {
        var run = await CommandRun.OfProgramAsync(program, [option, code], new() { ["RABBITMQ_URI"] = $"amqp://{user}@127.0.0.1:{rabbit.Port}/%2F" });
        run.ExitCode.Should().Be(0, run.Error);
        return run.Output;
    }

    private async Task<Node> StartAsync(string user = "guest:guest")
    {
        var node = new Node(rabbit.Settings(Queue, user));
        await RabbitMqTest.AreOpenAsync(node);
        return node;
    }

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Word();
}
