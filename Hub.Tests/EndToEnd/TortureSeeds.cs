using System.Globalization;
using System.Security.Cryptography;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>
/// The dice of the torture suite: those of <c>HUB_TORTURE_SEEDS</c>, which <c>dotnet run build.cs test</c> sets, or else a throw of its
/// own.
/// </summary>
internal static class TortureSeeds
{
    public static IEnumerable<int> All { get; } = Environment.GetEnvironmentVariable("HUB_TORTURE_SEEDS") is { Length: > 0 } seeds
        ? [.. seeds.Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))]
        : [RandomNumberGenerator.GetInt32(int.MaxValue)];
}
