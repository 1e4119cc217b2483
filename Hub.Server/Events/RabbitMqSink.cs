using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>
/// Publishes each event to an exchange of the broker from which the hub takes messages, under its type as the routing key. It is taken when
/// the broker has confirmed it.
/// </summary>
internal sealed class RabbitMqSink(IOptions<RabbitMqOptions> broker, IOptions<EventOptions> options) : IEventSink, IAsyncDisposable
{
    /// <summary>How long the broker may take for an event, with the connection that it may need.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _opening = new(1);
    private IConnection? _connection;
    private IChannel? _channel;

    /// <remarks>The library does not recover a connection: the next event opens another.</remarks>
    public async Task<EventFault?> TakeAsync(Address user, HubEvent told)
    {
        using var deadline = new CancellationTokenSource(Timeout);
        try
        {
            var channel = await OpenAsync(deadline.Token);
            await channel.BasicPublishAsync(
                options.Value.RabbitMqExchange, told.Type, mandatory: false, PropertiesOf(told), CloudEvent.Encode(user, told),
                deadline.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return new EventFault($"RabbitMQ does not answer within {Timeout.TotalSeconds:0} seconds.", IsOfAll: true);
        }
        catch (Exception thrown)
        {
            return new EventFault(RabbitMqFault.AtOpening(thrown).Summary, IsOfAll: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _opening.Dispose();
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } open)
            {
                return open;
            }

            await CloseAsync();
            _connection = await RabbitMqSession.FactoryFor(broker.Value).CreateConnectionAsync(cancellationToken);
            _channel = await _connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
                cancellationToken);
            await _channel.ExchangeDeclareAsync(
                options.Value.RabbitMqExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
            return _channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task CloseAsync()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static BasicProperties PropertiesOf(HubEvent told) => new()
    {
        MessageId = told.Id,
        Type = told.Type,
        ContentType = CloudEvent.MediaType,
        Timestamp = new AmqpTimestamp(told.Time.ToUnixTimeSeconds()),
        Persistent = true,
    };
}
