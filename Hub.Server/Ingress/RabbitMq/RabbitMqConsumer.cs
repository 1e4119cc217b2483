using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Takes messages from the queue as long as the node runs, and connects again whenever the broker was away.</summary>
/// <remarks>
/// A node without its broker is degraded, not unready: it still serves its users. Sending them to other nodes would not help, because
/// those have lost the same broker.
/// </remarks>
internal sealed partial class RabbitMqConsumer(
    Publisher publisher, IOptions<RabbitMqOptions> options, TimeProvider time, IMeterFactory meters, LogSummary summary,
    ILogger<RabbitMqConsumer> logger)
        : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How long messages are taken one by one after an unreadable one, unless another unreadable one comes.</summary>
    private static readonly TimeSpan CarefulFor = TimeSpan.FromMinutes(1);

    private readonly Backoff _backoff = new(FirstWait, LongestWait, time, Jitter.Next);
    private volatile RabbitMqFault? _fault = RabbitMqFault.NotYet;
    private ConsumeMode _mode;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
        _fault is { } fault
            ? HealthCheckResult.Degraded($"{fault.Summary} Nothing is taken from the queue; messages wait there.")
            : HealthCheckResult.Healthy("RabbitMQ answers."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsConfigured)
        {
            return;
        }

        meters.ObserveState("realtimehub.rabbitmq.up", "Whether the node takes messages from RabbitMQ.", () => _fault is null);
        var factory = RabbitMqSession.FactoryFor(options.Value);
        while (!stoppingToken.IsCancellationRequested)
        {
            await BeOpenAsync(factory, stoppingToken);
            await _backoff.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeOpenAsync(ConnectionFactory factory, CancellationToken stopping)
    {
        var isOneByOne = _mode == ConsumeMode.OneByOne;
        try
        {
            await using var session = await RabbitMqSession.OpenAsync(factory, options.Value, stopping);
            _fault = null;
            _backoff.Reset();
            Log.Open(logger, options.Value.Queue, factory.Endpoint);
            await TakeAsync(session, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (Exception thrown) when (RabbitMqFault.IsUnreadable(thrown))
        {
            _mode = isOneByOne ? ConsumeMode.PassOver : ConsumeMode.OneByOne;
        }
        catch (Exception thrown)
        {
            Report(_fault is null ? RabbitMqFault.WhileOpen(thrown) : RabbitMqFault.AtOpening(thrown), factory.Endpoint);
        }
    }

    private async Task TakeAsync(RabbitMqSession session, CancellationToken stopping)
    {
        if (_mode == ConsumeMode.Prefetch)
        {
            await session.ConsumeAsync(options.Value.Prefetch, publisher, time, summary, logger, stopping);
            return;
        }

        if (_mode == ConsumeMode.PassOver)
        {
            // Only once, even if it fails: the next message at the head may be readable.
            _mode = ConsumeMode.OneByOne;
            Log.Unreadable(logger, options.Value.Queue, options.Value.DeadQueue);
            await session.PassOverAsync(stopping);
            return;
        }

        using var careful = new CancellationTokenSource(CarefulFor, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(careful.Token, stopping);
        try
        {
            await session.ConsumeAsync(prefetch: 1, publisher, time, summary, logger, ending.Token);
        }
        catch (OperationCanceledException) when (careful.IsCancellationRequested)
        {
            _mode = ConsumeMode.Prefetch;
        }
    }

    /// <remarks>A line for each change, not for each attempt.</remarks>
    private void Report(RabbitMqFault fault, AmqpTcpEndpoint endPoint)
    {
        if (_fault?.Summary == fault.Summary)
        {
            return;
        }

        _fault = fault;
        if (fault.IsForOperator)
        {
            Log.Refused(logger, endPoint, fault.Advice);
        }
        else
        {
            Log.Away(logger, endPoint, fault.Advice);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Takes messages from the queue {Queue} of RabbitMQ at {EndPoint}.", EventName = "RabbitMqOpen")]
        public static partial void Open(ILogger logger, string queue, AmqpTcpEndpoint endPoint);

        [LoggerMessage(2, LogLevel.Error, "Takes nothing from RabbitMQ at {EndPoint}. {Advice} Trying again; messages wait in the queue, and the hub goes on.", EventName = "RabbitMqAway")]
        public static partial void Away(ILogger logger, AmqpTcpEndpoint endPoint, string advice);

        [LoggerMessage(4, LogLevel.Warning, "The message at the head of the queue {Queue} cannot be read: something in its headers is beyond the client library. It lies in {DeadQueue}, without a reason.", EventName = "RabbitMqUnreadable")]
        public static partial void Unreadable(ILogger logger, string queue, string deadQueue);

        [LoggerMessage(3, LogLevel.Error, "Takes nothing from RabbitMQ at {EndPoint}. {Advice} Trying again; the hub goes on.", EventName = "RabbitMqRefused")]
        public static partial void Refused(ILogger logger, AmqpTcpEndpoint endPoint, string advice);
    }
}
