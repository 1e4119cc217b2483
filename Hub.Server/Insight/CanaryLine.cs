using RealtimeHub.Authentication;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Insight;

/// <summary>The connection on which this node is its own client, opened again whenever it ends.</summary>
internal sealed class CanaryLine(
    IAccessTokenStore tokens, CanaryUsers users, OwnSocket way, NodeId self, CanaryLog log, TimeProvider time)
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(10);

    /// <summary>The hub pings twice in this time.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly string _name = CanaryUsers.StandingAt(self.Value);

    /// <summary>Hands over what comes. When this returns, the node has detached the connection.</summary>
    public async Task KeepAsync(Action<CanaryMessage> take, CancellationToken leaving)
    {
        while (!leaving.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(take, leaving);
            }
            catch (Exception failure)
            {
                log.Report(failure, leaving);
            }

            await Task.Delay(BetweenAttempts, time, leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Action<CanaryMessage> take, CancellationToken leaving)
    {
        using var client = await OpenAsync(leaving);
        using var open = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        var pinging = PingAsync(client, open.Token, leaving);
        try
        {
            await ReadAsync(client, take);
        }
        finally
        {
            await open.CancelAsync();
            await pinging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<CanaryClient> OpenAsync(CancellationToken leaving)
    {
        using var limit = new CancellationTokenSource(LongestOpening, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, leaving);
        try
        {
            var token = await tokens.MintAsync(new TokenRecord { Subject = _name }, deadline.Token);
            users.Mint(_name, token);
            return await CanaryClient.ConnectAsync(way, token, deadline.Token);
        }
        finally
        {
            users.Leave(_name);
        }
    }

    /// <remarks>Until the node closes it. A read that is cancelled would break the connection, which then could not be closed.</remarks>
    private async Task ReadAsync(CanaryClient client, Action<CanaryMessage> take)
    {
        using var silence = new CancellationTokenSource(LongestSilence, time);
        while (await client.ReceiveAsync(silence.Token) is { } messages)
        {
            silence.CancelAfter(LongestSilence);
            foreach (var message in messages.Select(CanaryMessage.Read).OfType<CanaryMessage>())
            {
                take(message);
            }
        }
    }

    /// <summary>Says that it is still there, and at last that it leaves.</summary>
    private async Task PingAsync(CanaryClient client, CancellationToken ended, CancellationToken leaving)
    {
        while (!ended.IsCancellationRequested)
        {
            await client.PingAsync(leaving);
            await Task.Delay(BetweenPings, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (leaving.IsCancellationRequested)
        {
            await client.LeaveAsync();
        }
    }
}
