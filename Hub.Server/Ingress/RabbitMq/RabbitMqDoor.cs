using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Takes messages from the queue for as long as the node runs: connects, and when the broker is away connects again.</summary>
/// <remarks>
/// A node whose broker is away is degraded, not unready: its users are served, and to send them elsewhere would help nobody, because the broker is away
/// for the other nodes as well.
/// </remarks>
internal sealed partial class RabbitMqDoor(
    Publisher publisher, IOptions<RabbitMqOptions> options, TimeProvider time, LogSummary summary, ILogger<RabbitMqDoor> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Backoff _backoff = new(FirstWait, LongestWait, time);
    private volatile RabbitMqTrouble? _trouble = RabbitMqTrouble.NotYet;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _trouble is { } trouble
            ? HealthCheckResult.Degraded($"{trouble.Summary} Nothing is taken from the queue; messages wait there.")
            : HealthCheckResult.Healthy("RabbitMQ answers."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsConfigured)
        {
            return;
        }

        var factory = RabbitMqSession.FactoryFor(options.Value);
        while (!stoppingToken.IsCancellationRequested)
        {
            await BeOpenAsync(factory, stoppingToken);
            await _backoff.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeOpenAsync(ConnectionFactory factory, CancellationToken stopping)
    {
        try
        {
            await using var session = await RabbitMqSession.OpenAsync(factory, options.Value, stopping);
            _trouble = null;
            _backoff.Reset();
            Log.Open(logger, options.Value.Queue, factory.Endpoint);
            await session.ConsumeAsync(publisher, time, summary, logger, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node leaves.
        }
        catch (Exception thrown)
        {
            Report(_trouble is null ? RabbitMqTrouble.WhileOpen(thrown) : RabbitMqTrouble.AtOpening(thrown), factory.Endpoint);
        }
    }

    /// <remarks>A line for each change, not for each attempt.</remarks>
    private void Report(RabbitMqTrouble trouble, AmqpTcpEndpoint endPoint)
    {
        if (_trouble?.Summary == trouble.Summary)
        {
            return;
        }

        _trouble = trouble;
        if (trouble.IsForOperator)
        {
            Log.Refused(logger, endPoint, trouble.Advice);
        }
        else
        {
            Log.Away(logger, endPoint, trouble.Advice);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Takes messages from the queue {Queue} of RabbitMQ at {EndPoint}.", EventName = "RabbitMqOpen")]
        public static partial void Open(ILogger logger, string queue, AmqpTcpEndpoint endPoint);

        [LoggerMessage(2, LogLevel.Error, "Takes nothing from RabbitMQ at {EndPoint}. {Advice} Trying again; messages wait in the queue, and the hub goes on.", EventName = "RabbitMqAway")]
        public static partial void Away(ILogger logger, AmqpTcpEndpoint endPoint, string advice);

        [LoggerMessage(3, LogLevel.Error, "Takes nothing from RabbitMQ at {EndPoint}. {Advice} Trying again; the hub goes on.", EventName = "RabbitMqRefused")]
        public static partial void Refused(ILogger logger, AmqpTcpEndpoint endPoint, string advice);
    }
}
