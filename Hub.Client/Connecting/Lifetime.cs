using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Joining;
using RealtimeHub.Client.Receipts;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Starts and stops the client: one run at a time, each of its steps announced.</summary>
internal sealed class Lifetime
{
    private readonly PushClientOptions _options;
    private readonly HandlingQueue _queue;
    private readonly StateFeed _states;
    private readonly HandlerErrors _errors;
    private readonly ILogger _logger;
    private readonly ReceiptSender _receipts;
    private readonly TokenProvider _tokens;
    private readonly Connector _connector;
    private readonly ReconnectPolicy _policy;
    private readonly Lock _lock = new();
    private Run? _run;
    private Task _lastLoop = Task.CompletedTask;

    public Lifetime(
        PushClientOptions options, HandlingQueue queue, HandledFloors floors, StateFeed states, HandlerErrors errors, ILogger logger)
    {
        (_options, _queue, _states, _errors, _logger) = (options, queue, states, errors, logger);
        _tokens = new TokenProvider(options.Token, new AnswerTimeout(options.TimeProvider));
        var client = new StockClient(options.Url, error => _ = errors.ReportAsync(error));
        _connector = new Connector(client, _tokens, new RenewalPolicy(options.Random), options.TimeProvider);
        _policy = new ReconnectPolicy(options.Retry, options.Random);
        _receipts = new ReceiptSender(floors, options.Device, options.TimeProvider);
        Groups = new JoinedGroups(_policy.Delay, errors, options.TimeProvider, logger);
    }

    /// <summary>The groups that the application wants the client to be in, until it is stopped.</summary>
    public JoinedGroups Groups { get; }

    /// <summary>Returns when a run has connected. If the waiting ends before that, the run is stopped.</summary>
    /// <exception cref="StartTimeoutException">The time is up.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task StartAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var run = Begin();
        try
        {
            await run.Connected.WaitAsync(timeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await GiveUpAsync(run).ConfigureAwait(false);
            throw new StartTimeoutException(timeout, run.LastError);
        }
        catch (OperationCanceledException)
        {
            await GiveUpAsync(run).ConfigureAwait(false);
            throw new OperationCanceledException(
                $"The start was cancelled before there was a connection. {run.LastError?.Message}".TrimEnd(), run.LastError, cancellationToken);
        }
    }

    /// <summary>Begins a run, if there is none.</summary>
    private Run Begin()
    {
        Run run;
        lock (_lock)
        {
            if (_run is { } running)
            {
                return running;
            }

            var mailbox = new Mailbox(_queue, _options.From, _queue.Positions, Groups.IsWanted);
            _run = run = new Run(mailbox, new CancellationTokenSource());
            _states.Change(PushState.Connecting);
            _lastLoop = run.Begin(LoopOf(run, mailbox));
        }

        _states.Tell();
        return run;
    }

    /// <summary>Announces and receives nothing more from the moment of the call. Returns when the connection is closed.</summary>
    public Task StopAsync() => StopAsync(_ => true);

    /// <summary>Stops a run that has not connected. Does nothing if it has just connected, or if another run has replaced it.</summary>
    private Task GiveUpAsync(Run run) => StopAsync(running => running == run && !run.Connected.IsCompleted);

    private Task StopAsync(Predicate<Run> which)
    {
        Task loop;
        lock (_lock)
        {
            loop = _lastLoop;
            if (_run is null)
            {
                Groups.End(new StoppedException());
                return loop;
            }

            if (!which(_run))
            {
                return Task.CompletedTask;
            }

            Change(_run, PushState.Stopped);
        }

        _states.Tell();
        return loop;
    }

    private ConnectionLoop LoopOf(Run run, Mailbox mailbox)
    {
        var resumer = new Resumer(mailbox, _queue, new AnswerTimeout(_options.TimeProvider), _logger);
        var renewer = new Renewer(_tokens, mailbox, Groups, _policy, _errors, _options.TimeProvider, _logger);
        var secret = new ReconnectSecret(_options.TimeProvider);
        var mover = new Mover(_connector, secret, mailbox, _policy, _options.TimeProvider, _logger);
        var attempts = new Attempts(_connector, secret, mailbox, resumer, Groups, renewer, mover, _receipts, _options.TimeProvider);
        return new ConnectionLoop(
            _options.Url, attempts, _policy, _options.TimeProvider, _logger,
            (state, error, retryIn) => Announce(run, state, error, retryIn));
    }

    /// <summary>Ignores steps of a run that was stopped, which may still report some.</summary>
    private void Announce(Run run, PushState state, PushException? error, TimeSpan? retryIn)
    {
        lock (_lock)
        {
            run.LastError = error ?? run.LastError;
            if (_run == run)
            {
                Change(run, state, error, retryIn);
            }
        }

        _states.Tell();
    }

    private void Change(Run run, PushState state, PushException? error = null, TimeSpan? retryIn = null)
    {
        _states.Change(state, error, retryIn);
        if (state == PushState.Connected)
        {
            run.SetConnected();
        }
        else if (state == PushState.Stopped)
        {
            _run = null;
            var reason = error ?? new StoppedException();
            run.End(reason);
            Groups.End(reason);
            _queue.Clear();
        }
    }
}
