using System.Security.Cryptography;

namespace RealtimeHub.Operations;

/// <summary>
/// The chance by which waits are spread, so that nodes and clients do not all come at the same moment. Whoever spreads is given it, and a
/// test gives another.
/// </summary>
internal static class Jitter
{
    /// <summary>A number from 0 up to 1, another each time.</summary>
    public static double Next() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
