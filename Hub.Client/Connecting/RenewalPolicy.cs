namespace RealtimeHub.Client.Connecting;

/// <summary>Renews when 70 to 90 percent of the time are over, so that clients that connected together do not renew together.</summary>
/// <param name="random">A number from 0 to 1, a new one each time.</param>
internal sealed class RenewalPolicy(Func<double> random)
{
    /// <summary>A token that expires at once makes no loop without a pause.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The timers of .NET and of JavaScript end a little later.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(20);

    /// <param name="lifetimeSeconds">How long the token still lets the connection stay.</param>
    public TimeSpan Delay(double lifetimeSeconds)
    {
        var milliseconds = lifetimeSeconds * 1_000 * (7 + (2 * random())) / 10;
        return TimeSpan.FromMilliseconds(Math.Round(Math.Clamp(milliseconds, Shortest.TotalMilliseconds, Longest.TotalMilliseconds)));
    }
}
