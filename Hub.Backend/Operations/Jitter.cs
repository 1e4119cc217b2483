using System.Security.Cryptography;

namespace RealtimeHub.Operations;

/// <summary>
/// The random source by which waits are spread, so that nodes and clients do not all come at the same moment. It is passed to whoever needs
/// it, so that a test can pass another.
/// </summary>
internal static class Jitter
{
    /// <summary>A random number from 0 up to, but not including, 1.</summary>
    public static double Next() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
