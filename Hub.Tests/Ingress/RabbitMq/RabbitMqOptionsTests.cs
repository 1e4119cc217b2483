using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

public sealed class RabbitMqOptionsTests
{
    [Fact]
    public async Task Without_an_address_there_is_no_such_door()
    {
        await using var node = new Node();

        (await node.Client.GetStringAsync("/health/ready")).Should().NotContain("rabbitmq");
        node.Services.GetRequiredService<IOptions<RabbitMqOptions>>().Value.Should().BeEquivalentTo(new
        {
            Uri = "",
            Exchange = "realtimehub",
            Queue = "realtimehub",
            QueueType = "quorum",
            Prefetch = 200,
            SingleActiveConsumer = false,
        });
    }

    [Theory]
    [InlineData("amqp://localhost")]
    [InlineData("amqp://localhost/")]
    [InlineData("amqps://hub:p%40ss%2Fword@broker.internal:5671/%2F")]
    [InlineData("amqp://hub@[::1]:5672/shop")]
    public void An_address_is_taken(string uri) => Mistakes(new RabbitMqOptions { Uri = uri }).Should().BeEmpty();

    [Theory]
    [InlineData("hunter2")]
    [InlineData("localhost:5672")]
    [InlineData("http://hub:hunter2@localhost")]
    [InlineData("amqp://hub:hunter2:x@localhost")]
    [InlineData("amqp://hub:hunter2@localhost/a/b")]
    [InlineData("amqp://hub:hunter2@")]
    [InlineData("amqp://hub:hunter2#@localhost")]
    [InlineData("amqp://hub:12#hunter2@localhost")]
    [InlineData("amqp://hub:12?hunter2@localhost")]
    [InlineData("amqp://hub:12/hunter2@localhost")]
    [InlineData("amqp://hub:hunter2@localhost:99999")]
    public void An_address_that_is_none_is_a_mistake_and_not_repeated(string uri) =>
        Mistakes(new RabbitMqOptions { Uri = uri }).Should().ContainSingle().Which.Should().Contain("RabbitMq:Uri").And.NotContain("hunter2");

    [Fact]
    public void Every_other_mistake_is_told_by_its_key() =>
        Mistakes(new RabbitMqOptions { Exchange = "amq.topic", Queue = new string('q', 251), QueueType = "stream", Prefetch = 0 }).Should()
            .SatisfyRespectively(
            mistake => mistake.Should().StartWith("RabbitMq:Exchange"),
            mistake => mistake.Should().StartWith("RabbitMq:Queue"),
            mistake => mistake.Should().Be("RabbitMq:QueueType must be quorum or classic."),
            mistake => mistake.Should().Be("RabbitMq:Prefetch must be 1 to 10000."));

    [Theory]
    [InlineData(1, true)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void The_prefetch_has_a_range(int prefetch, bool isValid) =>
        Mistakes(new RabbitMqOptions { Prefetch = prefetch }).Any().Should().Be(!isValid);

    [Fact]
    public async Task A_mistake_ends_the_process_with_a_sentence_and_without_the_password()
    {
        await using var server = ServerProcess.Start("Production", "--RabbitMq:Uri", "amqp://hub:hunter2:x@localhost", "--RabbitMq:Prefetch", "many");

        (await server.ExitCodeAsync()).Should().Be(1);
        server.Output.Should().ContainAll("RabbitMq:Uri", "RabbitMq:Prefetch").And.NotContainAny("hunter2", "Unhandled exception");
    }

    private static IEnumerable<string> Mistakes(RabbitMqOptions options) =>
        new RabbitMqOptionsValidator().Validate(null, options).Failures ?? [];
}
