using System.Text;
using RabbitMQ.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A backend that publishes through RabbitMQ, with confirms, and an operator who looks into the queues.</summary>
public sealed class RabbitBackend : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly string _queue;

    private RabbitBackend(IConnection connection, IChannel channel, string queue) =>
        (_connection, Channel, _queue) = (connection, channel, queue);

    public IChannel Channel { get; }

    public static async Task<RabbitBackend> ConnectAsync(RabbitServer rabbit, string queue)
    {
        var connection = await rabbit.ConnectAsync();
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        return new RabbitBackend(connection, await connection.CreateChannelAsync(confirmed), queue);
    }

    /// <summary>Publishes a message of a type and nothing else.</summary>
    public Task PublishAsync(string routingKey, string type, string? messageId) =>
        PublishAsync(routingKey, Encoding.UTF8.GetBytes($$"""{"type":"{{type}}"}"""), messageId is null
            ? null
            : new BasicProperties { MessageId = messageId });

    public async Task PublishAsync(string routingKey, byte[] body, BasicProperties? properties = null) =>
        await Channel.BasicPublishAsync(_queue, routingKey, mandatory: true, properties ?? new BasicProperties(), body);

    public Task PublishJsonAsync(string routingKey, string body, BasicProperties? properties = null) =>
        PublishAsync(routingKey, Encoding.UTF8.GetBytes(body), properties);

    /// <summary>How many messages lie in the queue that no node holds.</summary>
    public Task<uint> ReadyAsync() => Channel.MessageCountAsync(_queue);

    public async Task<bool> HasConsumersAsync(uint count) => await Channel.ConsumerCountAsync(_queue) == count;

    /// <summary>Takes the next message out of the dead-letter queue, which must come.</summary>
    public async Task<BasicGetResult> NextDeadAsync()
    {
        BasicGetResult? dead = null;
        await Eventually.HoldsAsync(async () => (dead = await Channel.BasicGetAsync($"{_queue}.dead", autoAck: true)) is not null);
        return dead!;
    }

    public static string Header(BasicGetResult message, string name) =>
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![name]!);

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
