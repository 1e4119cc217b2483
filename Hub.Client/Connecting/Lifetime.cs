using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Starts and stops: one run at a time, and each of its steps announced.</summary>
internal sealed class Lifetime(PushConnectionOptions options, HandlingQueue queue, StateFeed states, ILogger logger)
{
    private readonly Connector _connector = new(options.Url, options.Token, new Patience(options.TimeProvider));
    private readonly Lock _lock = new();
    private Run? _run;
    private Task _lastLoop = Task.CompletedTask;

    /// <summary>Begins a run, if there is none.</summary>
    /// <returns>What ends when the run has connected, or with the reason why it will not.</returns>
    public Task Start()
    {
        Run run;
        lock (_lock)
        {
            if (_run is { } running)
            {
                return running.Connected;
            }

            var mailbox = new Mailbox(queue, options.From, queue.Positions);
            _run = run = new Run(mailbox, new CancellationTokenSource());
            states.Change(PushState.Connecting);
            _lastLoop = run.Begin(LoopOf(run, mailbox));
        }

        states.Tell();
        return run.Connected;
    }

    /// <summary>From the moment of the call nothing is announced or received any more; returns when the connection is closed.</summary>
    public Task StopAsync()
    {
        Task loop;
        lock (_lock)
        {
            loop = _lastLoop;
            if (_run is { } run)
            {
                Change(run, PushState.Stopped);
            }
        }

        states.Tell();
        return loop;
    }

    private ConnectionLoop LoopOf(Run run, Mailbox mailbox)
    {
        var resumer = new Resumer(mailbox, queue, new Patience(options.TimeProvider), logger);
        var attempts = new Attempts(_connector, mailbox, resumer, options.TimeProvider);
        var policy = new ReconnectPolicy(options.Retry, options.Random);
        return new ConnectionLoop(attempts, policy, options.TimeProvider, logger, (state, error, retryIn) => Announce(run, state, error, retryIn));
    }

    /// <summary>A run that was stopped may still have something to say.</summary>
    private void Announce(Run run, PushState state, PushException? error, TimeSpan? retryIn)
    {
        lock (_lock)
        {
            if (_run == run)
            {
                Change(run, state, error, retryIn);
            }
        }

        states.Tell();
    }

    private void Change(Run run, PushState state, PushException? error = null, TimeSpan? retryIn = null)
    {
        states.Change(state, error, retryIn);
        if (state == PushState.Connected)
        {
            run.SetConnected();
        }
        else if (state == PushState.Stopped)
        {
            _run = null;
            run.End(error ?? new StoppedException());
            queue.Clear();
        }
    }
}
