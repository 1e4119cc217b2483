using RealtimeHub.Control;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Nodes;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary><c>POST /api/nodes/{node}/drain</c>.</summary>
internal static partial class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder api) =>
        api.At("/nodes/{node}/drain").Post(DrainAsync).Describe<DrainAnswer>(new()
        {
            Name = "drainNode",
            Tag = "Nodes",
            Summary = "Have a node send its clients to others, and take no new ones",
            Description = "As at SIGTERM, but the node goes on running: it publishes, and is not ready. Start it again when it shall take clients. To ask again changes nothing.",
            Scope = ApiScope.Control,
            Status = StatusCodes.Status202Accepted,
            Answer = """{"connections":1,"seconds":0.25}""",
            Refusals =
            [
                ApiRefusals.NameInvalid("node"), ApiRefusals.NodeUnknown, Refusal.StoreUnavailable,
                ApiRefusals.NodeUnavailable("Node 0197a6b1c9d07e6b8f6d2a5f4f6f0c1e has not answered within 5 seconds. It may have done what it was asked, or not: try again."),
            ],
        });

    private static Task<IResult> DrainAsync(HttpContext context, NodeControl control, ILoggerFactory logs) =>
        NodesAsked.TryAsync(() => TryDrainAsync(context, control, logs));

    private static async Task<IResult> TryDrainAsync(HttpContext context, NodeControl control, ILoggerFactory logs)
    {
        if (RawPath.Name(context, "node", fromEnd: 1, out var node) is { } refusal)
        {
            return refusal;
        }

        if (await control.DrainAsync(node) is not { } answer)
        {
            return ApiRefusals.NodeUnknown;
        }

        Log.Drained(logs.CreateLogger(typeof(NodeEndpoints)), ApiKeyDefaults.BackendOf(context.User), node, answer.Connections);
        return TypedResults.Json(answer, ApiJson.Default.DrainAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Backend} has drained node {Node}, which has {Connections} connections.", EventName = "NodeDrained")]
        public static partial void Drained(ILogger logger, string backend, string node, int connections);
    }
}
