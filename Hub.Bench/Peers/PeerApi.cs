using RealtimeHub.Bench.Load;

namespace RealtimeHub.Bench.Peers;

/// <summary>The HTTP API of the .NET peers, behind a key, as a backend needs it.</summary>
internal static class PeerApi
{
    /// <summary>Connections that the kernel keeps for a server that is busy, as many as Linux allows. All systems here have it.</summary>
    public const int Backlog = 4_096;

    private static long _last;

    /// <param name="app">The peer.</param>
    public static RouteGroupBuilder MapPeerApi(this WebApplication app)
    {
        app.MapGet("/health/ready", () => "ready");
        return app.MapGroup("/api").AddEndpointFilter(RequireKeyAsync);
    }

    /// <summary>What a publication is answered.</summary>
    public static async Task<IResult> AcceptAsync(Task sent)
    {
        await sent;
        return Results.Json(new
        {
            id = Interlocked.Increment(ref _last)
            .ToString(System.Globalization.CultureInfo.InvariantCulture)
        }, statusCode: StatusCodes.Status202Accepted);
    }

    private static ValueTask<object?> RequireKeyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers["X-Api-Key"] == Requests.ApiKey ? next(context) : ValueTask.FromResult<object?>(Results.Unauthorized());
}
