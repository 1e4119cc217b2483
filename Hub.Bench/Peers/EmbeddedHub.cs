using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.Bench.Peers;

/// <summary>An application with the push hub in it, which publishes in process.</summary>
internal static class EmbeddedHub
{
    public const string Command = "embedded";

    private const int InFlight = 16;

    public static WebApplication Build(int port, string redis)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").UseSockets(sockets => sockets.Backlog = PeerApi.Backlog);
        builder.Configuration["Redis:Connection"] = redis;
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddPushHub();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPushHub();
        app.MapGet("/health/ready", () => "ready");
        app.MapPost("/bench/push", PushAsync);
        return app;
    }

    private static Task PushAsync(int count, int users, int batch, bool transient, IPublisher publisher)
    {
        var options = new PublishOptions { Transient = transient };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = InFlight };
        return batch <= 1
            ? Parallel.ForAsync(0, count, parallel, async (number, _) => await publisher.PublishAsync(
                AddressOf(number, users), "bench", InProcessPush.PayloadOf(number), options, CancellationToken.None))
            : Parallel.ForAsync(0, count / batch, parallel, async (round, _) => await publisher.PublishAsync(
                [.. Enumerable.Range(round * batch, batch)
                    .Select(number => new Publication(AddressOf(number, users), "bench", InProcessPush.PayloadOf(number), options))],
                CancellationToken.None));
    }

    private static Address AddressOf(int number, int users) => Address.User(InProcessPush.UserOf(number, users));
}
