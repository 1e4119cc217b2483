using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Insight;

/// <summary>
/// Measures, as long as the node serves clients, how long messages take from it to a client of each node. Once a second it asks the
/// canaries of some nodes, its own among them, by a message; whoever gets one over its connection answers it, so that one clock measures
/// there and back.
/// </summary>
internal sealed class StandingCanary(
    CanaryLine line, CanaryPost post, NodeWays ways, IConnectionDirectory directory, NodeId self, Warmup warmup, DrainState drain,
    IOptions<CanaryOptions> options, IHostApplicationLifetime lifetime, CanaryLog log, TimeProvider time) : IHostedService
{
    private const int MostAtOnce = 10;

    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLeaving = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(1);

    private IReadOnlyList<NodeId> _living = [self];

    /// <remarks>As with <see cref="Warmup"/>: when the node stops, this ends before <c>ConnectionDrain</c> begins.</remarks>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled)
        {
            lifetime.ApplicationStarted.Register(Begin);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Begin()
    {
        var stop = new CancellationTokenSource();
        var running = Task.Run(() => RunAsync(stop.Token));
        lifetime.ApplicationStopping.Register(() =>
        {
            stop.Cancel();
            running.Wait(LongestLeaving);
        });
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await warmup.FirstAttempt.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var leaving = new CancellationTokenSource();
        ways.Meet(self.Value);
        var listening = line.KeepAsync(Take, leaving.Token);
        while (!stopping.IsCancellationRequested && !drain.IsDraining)
        {
            var pause = Task.Delay(BetweenQuestions, time, stopping);
            await AskAsync();
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await LeaveAsync();
        await leaving.CancelAsync();
        await listening;
        ways.Clear();
        await post.ForgetAsync(self.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AskAsync()
    {
        try
        {
            _living = await directory.NodesAsync();
            ways.Keep(_living);
        }
        catch (StoreUnavailableException)
        {
            // Those that lived a moment ago are asked, which fails as well, and is reported.
        }

        NodeId[] others = [.. _living.Where(node => node != self && !ways.HasLeft(node.Value))];
        RandomNumberGenerator.Shuffle(others.AsSpan());
        await Task.WhenAll(others.Take(MostAtOnce - 1).Prepend(self).Select(
            node => TrySendAsync(node.Value, new CanaryMessage(CanaryMessage.Ask, self.Value, ways.Ask(node)))));
    }

    /// <summary>Tells the others, so that they do not miss it.</summary>
    private async Task LeaveAsync()
    {
        var told = _living.Where(node => node != self)
            .Select(node => TrySendAsync(node.Value, new CanaryMessage(CanaryMessage.Leave, self.Value)));
        await Task.WhenAll(told).WaitAsync(LongestTelling, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Take(CanaryMessage message)
    {
        if (!CanaryUsers.IsNamedLikeOne(CanaryUsers.StandingAt(message.From)))
        {
            return;
        }

        switch (message)
        {
            case { Kind: CanaryMessage.Ask }:
                ways.Meet(message.From);
                _ = TrySendAsync(message.From, message with { Kind = CanaryMessage.Answer, From = self.Value });
                break;
            case { Kind: CanaryMessage.Answer, Question: { } question }:
                ways.Meet(message.From);
                ways.Answer(message.From, question);
                log.Recover();
                break;
            case { Kind: CanaryMessage.Leave }:
                ways.Leave(message.From);
                break;
        }
    }

    private async Task TrySendAsync(string node, CanaryMessage message)
    {
        try
        {
            await post.SendAsync(node, message);
        }
        catch (Exception failure)
        {
            log.Report(failure);
        }
    }
}
