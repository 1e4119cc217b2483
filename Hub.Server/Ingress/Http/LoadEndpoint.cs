using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Insight.Load;

namespace RealtimeHub.Ingress.Http;

/// <summary>What the nodes have to do: <c>GET /api/load</c>, at a node that has the dashboard.</summary>
internal static class LoadEndpoint
{
    public static void MapLoad(this IEndpointRouteBuilder api) => api.At("/load").Get(Show).Describe<LoadAnswer>(new ApiOperation
    {
        Name = "showLoad",
        Tag = "Nodes",
        Summary = "Show what the nodes have to do, and had to do in the last fifteen minutes",
        Description = "At a node that has the dashboard (Dashboard:Urls): such a node asks all of them every five seconds.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """
            {"alarms":[],"samples":[{"at":"2026-11-29T16:20:22.512+00:00","nodes":1,"connections":1,"connects":0.2,"messages":1.4,"deliveries":1.4,
            "refusals":0,"waiting":0,"latency":0.0007}],"refusals":{"token_spent":1},"ends":{},"nodes":[]}
            """,
        Refusals = [ApiRefusals.NoDashboard],
    });

    private static IResult Show(IServiceProvider services) => services.GetService<LoadHistory>() is { } history
        ? TypedResults.Json(history.Now, ApiJson.Default.LoadAnswer)
        : ApiRefusals.NoDashboard;
}
