using RealtimeHub.Control;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary>Ending connections, and having them renewed, over HTTP.</summary>
internal static partial class ControlEndpoints
{
    private const string Tag = "Control";

    public static void MapControl(this IEndpointRouteBuilder api)
    {
        api.At("/users/{user}/connections").Delete(EndUserAsync).Describe<EndedConnections>(EndUser);
        api.At("/users/{user}/connections/{connection}").Delete(EndConnectionAsync).Describe<EndedConnections>(EndConnection);
        api.At("/users/{user}/sessions/{session}").Delete(EndSessionAsync).Describe<EndedConnections>(EndSession);
        api.At("/connections/end").Post(EndLabelAsync).Describe<EndRequest, EndedConnections>(EndLabel);
        api.At("/users/{user}/connections/renew").Post(RenewUserAsync).Describe<AskedConnections>(RenewUser);
        api.At("/users/{user}/sessions/{session}/renew").Post(RenewSessionAsync).Describe<AskedConnections>(RenewSession);
        var ban = api.At("/users/{user}/ban");
        ban.Put(BanAsync).Describe<BanRequest, EndedConnections>(Ban);
        ban.Delete(UnbanAsync).Describe<EndedConnections>(Unban);
    }

    private static Refusal[] OfPaths(params string[] names) =>
    [
        .. names.Select(ApiRefusals.NameInvalid), ApiRefusals.QueryInvalid("mayComeBack must be true or false."),
        Refusal.StoreUnavailable, ApiRefusals.NodeSilent,
    ];

    private static ApiOperation EndUser { get; } = new()
    {
        Name = "endUser",
        Tag = Tag,
        Summary = "End all connections of a user",
        Description = "What was minted for the user before opens nothing. Closed within a second, on every node. A user without connections is no mistake.",
        Scope = ApiScope.Control,
        Query = EndQuery.Parameters,
        Status = StatusCodes.Status200OK,
        Answer = """{"ended":2,"epoch":1796000000000}""",
        Refusals = OfPaths("user"),
    };

    private static ApiOperation EndConnection { get; } = EndUser with
    {
        Name = "endConnection",
        Summary = "End one connection of a user",
        Description = "By the id that GET /api/users/{user} shows. Tokens of the user stay good.",
        Answer = """{"ended":1}""",
        Refusals = OfPaths("user", "connection"),
    };

    private static ApiOperation EndSession { get; } = EndUser with
    {
        Name = "endSession",
        Summary = "End the connections of one web session of a user",
        Description = "By the sid of their tokens. What was minted in the session before opens nothing.",
        Answer = """{"ended":1,"epoch":1796000000000}""",
        Refusals = OfPaths("user", "session"),
    };

    private static ApiOperation EndLabel { get; } = EndUser with
    {
        Name = "endLabel",
        Summary = "End all connections with a label",
        Description = "What was minted with the label before, or in the same second, opens nothing.",
        Query = [],
        Request = """{"label":"tenant:7","reason":"Your account is closed.","mayComeBack":false}""",
        Answer = """{"ended":2}""",
        Refusals =
        [
            ApiRefusals.BodyInvalid("At $.label: must be 1 to 64 characters without control characters"), Refusal.StoreUnavailable,
            ApiRefusals.NodeSilent,
        ],
    };

    private static ApiOperation RenewUser { get; } = EndUser with
    {
        Name = "renewUser",
        Summary = "Have all connections of a user renewed, or end them",
        Description = "Each client has 30 seconds to show a new token; then its connection is ended. What was minted for the user before opens and renews nothing.",
        Query = [],
        Answer = """{"asked":2,"epoch":1796000000000}""",
        Refusals = [ApiRefusals.NameInvalid("user"), Refusal.StoreUnavailable, ApiRefusals.NodeSilent],
    };

    private static ApiOperation RenewSession { get; } = RenewUser with
    {
        Name = "renewSession",
        Summary = "Have the connections of one web session of a user renewed, or end them",
        Description = "By the sid of their tokens, otherwise as for all connections of a user.",
        Answer = """{"asked":1,"epoch":1796000000000}""",
        Refusals =
        [
            ApiRefusals.NameInvalid("user"), ApiRefusals.NameInvalid("session"), Refusal.StoreUnavailable, ApiRefusals.NodeSilent,
        ],
    };

    private static ApiOperation Ban { get; } = EndUser with
    {
        Name = "banUser",
        Summary = "Ban a user until a time",
        Description = "Ends all connections of the user, and lets none open, whatever is minted. Also for who is not connected.",
        Query = [],
        Request = """{"until":"2099-01-31T12:00:00+00:00","reason":"Spam."}""",
        Answer = """{"ended":2,"until":"2099-01-31T12:00:00+00:00"}""",
        Refusals =
        [
            ApiRefusals.NameInvalid("user"), ApiRefusals.BodyInvalid("At $.until: must be a time to come, such as 2027-01-31T12:00:00Z"),
            Refusal.StoreUnavailable, ApiRefusals.NodeSilent,
        ],
    };

    private static ApiOperation Unban { get; } = EndUser with
    {
        Name = "unbanUser",
        Summary = "Lift the ban of a user",
        Description = "New tokens open connections again. A user who is not banned is no mistake.",
        Query = [],
        Answer = """{"ended":0}""",
        Refusals = [ApiRefusals.NameInvalid("user"), Refusal.StoreUnavailable],
    };

    private static Task<IResult> EndUserAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs) =>
        RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal ? Task.FromResult<IResult>(refusal)
        : EndAsync(context, logs, $"user {user}", options => control.EndUserAsync(user, options));

    private static Task<IResult> EndConnectionAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs) =>
        RawPath.Name(context, "user", fromEnd: 2, out var user) is { } refusal ? Task.FromResult<IResult>(refusal)
        : RawPath.Name(context, "connection", fromEnd: 0, out var id) is { } unnamed ? Task.FromResult<IResult>(unnamed)
        : EndAsync(context, logs, $"user {user}, connection {id}", options => control.EndConnectionAsync(user, id, options));

    private static Task<IResult> EndSessionAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs) =>
        RawPath.Name(context, "user", fromEnd: 2, out var user) is { } refusal ? Task.FromResult<IResult>(refusal)
        : RawPath.Name(context, "session", fromEnd: 0, out var session) is { } unnamed ? Task.FromResult<IResult>(unnamed)
        : EndAsync(context, logs, $"user {user}, session", options => control.EndSessionAsync(user, session, options));

    private static async Task<IResult> EndLabelAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs)
    {
        var body = await JsonBody.ReadAsync(context.Request, ApiJson.Default.EndRequest);
        return !body.IsSuccess ? body.Reason
            : body.Value.Mistake() is { } mistake ? ApiRefusals.BodyInvalid(mistake)
            : await ActAsync(context, logs, $"label {body.Value.Label}", () => control.EndLabelAsync(
                body.Value.Label, new EndOptions { Reason = body.Value.Reason, MayComeBack = body.Value.MayComeBack }));
    }

    private static Task<IResult> RenewUserAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs) =>
        RawPath.Name(context, "user", fromEnd: 2, out var user) is { } refusal ? Task.FromResult<IResult>(refusal)
        : RenewAsync(context, logs, $"user {user}", () => control.RenewUserAsync(user));

    private static Task<IResult> RenewSessionAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs) =>
        RawPath.Name(context, "user", fromEnd: 3, out var user) is { } refusal ? Task.FromResult<IResult>(refusal)
        : RawPath.Name(context, "session", fromEnd: 1, out var session) is { } unnamed ? Task.FromResult<IResult>(unnamed)
        : RenewAsync(context, logs, $"user {user}, session", () => control.RenewSessionAsync(user, session));

    private static async Task<IResult> BanAsync(HttpContext context, IConnectionControl control, TimeProvider time, ILoggerFactory logs)
    {
        if (RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal)
        {
            return refusal;
        }

        var body = await JsonBody.ReadAsync(context.Request, ApiJson.Default.BanRequest);
        return !body.IsSuccess ? body.Reason
            : body.Value.Mistake(time.GetUtcNow()) is { } mistake ? ApiRefusals.BodyInvalid(mistake)
            : await ActAsync(
                context, logs, $"user {user}, who is banned", () => control.BanAsync(user, body.Value.Until, body.Value.Reason));
    }

    private static Task<IResult> UnbanAsync(HttpContext context, IConnectionControl control, ILoggerFactory logs) =>
        RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal ? Task.FromResult<IResult>(refusal)
        : ActAsync(context, logs, $"user {user}, who is no longer banned", async () =>
        {
            await control.UnbanAsync(user);
            return new EndedConnections { Ended = 0 };
        });

    private static async Task<IResult> EndAsync(
        HttpContext context, ILoggerFactory logs, string what, Func<EndOptions, Task<EndedConnections>> end) =>
        EndQuery.TryRead(context.Request, out var options, out var mistake)
            ? await ActAsync(context, logs, what, () => end(options))
            : ApiRefusals.QueryInvalid(mistake);

    private static Task<IResult> ActAsync(HttpContext context, ILoggerFactory logs, string what, Func<Task<EndedConnections>> act) =>
        NodesAsked.TryAsync(async () =>
        {
            var ended = await act();
            Log.Ended(logs.CreateLogger(typeof(ControlEndpoints)), ApiKeyDefaults.BackendOf(context.User), ended.Ended, what);
            return TypedResults.Json(ended, ApiJson.Default.EndedConnections);
        });

    private static Task<IResult> RenewAsync(HttpContext context, ILoggerFactory logs, string what, Func<Task<AskedConnections>> renew) =>
        NodesAsked.TryAsync(async () =>
        {
            var asked = await renew();
            Log.Asked(logs.CreateLogger(typeof(ControlEndpoints)), ApiKeyDefaults.BackendOf(context.User), asked.Asked, what);
            return TypedResults.Json(asked, ApiJson.Default.AskedConnections);
        });

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Information, "{Backend} has asked {Count} connections of {What} to renew.", EventName = "RenewalAsked")]
        public static partial void Asked(ILogger logger, string backend, int count, string what);

        [LoggerMessage(1, LogLevel.Information, "{Backend} has ended {Count} connections of {What}.", EventName = "ConnectionsEnded")]
        public static partial void Ended(ILogger logger, string backend, int count, string what);
    }
}
