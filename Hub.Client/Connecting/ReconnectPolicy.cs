using System.Security.Cryptography;

namespace RealtimeHub.Client.Connecting;

/// <summary>Spreads waits over their whole range (full jitter), so that clients that dropped together do not return together.</summary>
/// <param name="options">The range.</param>
/// <param name="random">A number from 0 to 1, a new one each time.</param>
internal sealed class ReconnectPolicy(RetryOptions options, Func<double> random)
{
    /// <param name="attempt">How many attempts were made since a connection last held.</param>
    public TimeSpan Delay(int attempt)
    {
        var limit = Math.Min(options.Max.TotalMilliseconds, options.First.TotalMilliseconds * Math.Pow(2, attempt));
        return TimeSpan.FromMilliseconds(random() * limit);
    }

    /// <summary>The default source of random numbers.</summary>
    public static double Random() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
