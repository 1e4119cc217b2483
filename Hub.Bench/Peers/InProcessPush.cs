using System.Text.Json;

namespace RealtimeHub.Bench.Peers;

/// <summary>Publishing from within the server, as an application does that is its own backend: no HTTP between.</summary>
internal static class InProcessPush
{
    private const int InFlight = 16;

    private static readonly string Text = new('x', Load.Requests.OrdinaryPadding);

    /// <summary>Maps what lets the server publish by itself, each message by one call.</summary>
    public static void MapInProcessPush(this WebApplication app, Func<(string User, PeerMessage Message), Task> push) => app.MapPost(
        "/bench/push",
        (int count, int users) => Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, async (number, _) =>
            await push((UserOf(number, users), new PeerMessage("bench", PayloadOf(number))))));

    public static string UserOf(int number, int users) => $"user{number % users}";

    public static JsonElement PayloadOf(int number) => JsonSerializer.SerializeToElement(new { n = number, text = Text });
}
