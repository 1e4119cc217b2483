using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Operations;
using RealtimeHub.Presence;

namespace RealtimeHub.Ingress.Http;

/// <summary>Who is connected, over HTTP.</summary>
internal static class PresenceEndpoints
{
    private const string Tag = "Presence";

    public static void MapPresence(this IEndpointRouteBuilder api)
    {
        api.At("/users").Get(ListUsersAsync).Describe<UserStatusPage>(ListUsers);
        api.At("/users/{user}").Get(ShowUserAsync).Describe<UserConnections>(ShowUser);
        api.At("/groups/{group}/members").Get(ListMembersAsync).Describe<UserStatusPage>(ListMembers);
        api.At("/nodes").Get(ListNodesAsync).Describe<NodesAnswer>(ListNodes);

        // A user may be called status.
        var status = api.At("/users/status");
        status.Post(ShowStatusAsync).Describe<UsersRequest, UsersAnswer>(ShowStatus);
        status.Get(ShowUserAsync).Describe<UserConnections>(ShowUser).ExcludeFromDescription();
    }

    private static ApiOperation ListUsers { get; } = new()
    {
        Name = "listUsers",
        Tag = Tag,
        Summary = "List those who are connected",
        Description = "A page at a time, in no order. Whoever is connected from the first page to the last is on one of them. A page may have fewer than asked for, also none: "
            + "the list has ended when there is no next.",
        Scope = ApiScope.Read,
        Query = PageQuery.Parameters,
        Status = StatusCodes.Status200OK,
        Answer = """{"users":[{"user":"alice","online":true,"connectionCount":1}]}""",
        Refusals = [ApiRefusals.QueryInvalid("limit must be a whole number from 1 to 1000."), Refusal.StoreUnavailable],
    };

    private static ApiOperation ShowUser { get; } = new()
    {
        Name = "showUser",
        Tag = Tag,
        Summary = "Show whether a user is online, and the user's connections",
        Description = "The hub knows no users but those who are connected: any other is not online. Right within a second after a connection has come or gone, and within fifteen after a node has died.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """
            {"user":"alice","online":true,"connections":[{"id":"3pGBcUsXm9OvGWCpAmtFeA","node":"0197a6b1c9d07e6b8f6d2a5f4f6f0c1e",
            "since":"2026-11-29T16:20:22.512+00:00","transport":"WebSockets","client":"Microsoft SignalR/10.0","labels":[]}]}
            """,
        Refusals = [ApiRefusals.NameInvalid("user"), Refusal.StoreUnavailable],
    };

    private static ApiOperation ShowStatus { get; } = new()
    {
        Name = "showStatus",
        Tag = Tag,
        Summary = "Show who of up to 1,000 users is online",
        Description = "The answer has the users in the order of the request.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Request = """{"users":["alice","bob"]}""",
        Answer = """{"users":[{"user":"alice","online":true,"connectionCount":1},{"user":"bob","online":false,"connectionCount":0}]}""",
        Refusals = [ApiRefusals.BodyInvalid("At $.users: must be an array of 1 to 1000 users"), Refusal.StoreUnavailable],
    };

    private static ApiOperation ListMembers { get; } = new()
    {
        Name = "listMembers",
        Tag = Tag,
        Summary = "List the users who have connections in a group",
        Description = "By name, a page at a time, each user once. The nodes that have members are asked, so the answer is as things stand now.",
        Scope = ApiScope.Read,
        Query = PageQuery.Parameters,
        Status = StatusCodes.Status200OK,
        Answer = """{"users":[{"user":"alice","online":true,"connectionCount":1}]}""",
        Refusals =
        [
            ApiRefusals.NameInvalid("group"), ApiRefusals.QueryInvalid("limit must be a whole number from 1 to 1000."), Refusal.StoreUnavailable,
            ApiRefusals.NodeUnavailable("Node 0197a6b1c9d07e6b8f6d2a5f4f6f0c1e has not answered within 5 seconds."),
        ],
    };

    private static ApiOperation ListNodes { get; } = new()
    {
        Name = "listNodes",
        Tag = Tag,
        Summary = "List the nodes that live",
        Description = "Each is asked. One that does not answer within five seconds is listed with answers false.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """
            {"nodes":[{"id":"0197a6b1c9d07e6b8f6d2a5f4f6f0c1e","answers":true,"draining":false,"machine":"hub-1","version":"0.1.0",
            "since":"2026-11-29T16:20:22.512+00:00","connections":1}]}
            """,
        Refusals = [Refusal.StoreUnavailable],
    };

    private static Task<IResult> ListUsersAsync(HttpRequest request, IConnections connections) => NodesAsked.TryAsync(async () =>
    {
        if (!PageQuery.TryRead(request, out var page, out var mistake))
        {
            return ApiRefusals.QueryInvalid(mistake);
        }

        try
        {
            return TypedResults.Json(await connections.ListAsync(page.Cursor, page.Limit), ApiJson.Default.UserStatusPage);
        }
        catch (FormatException)
        {
            return ApiRefusals.QueryInvalid("cursor must be the next of a page, as it is.");
        }
    });

    private static Task<IResult> ShowUserAsync(HttpContext context, IConnections connections) => NodesAsked.TryAsync(async () =>
        RawPath.Name(context, "user", fromEnd: 0, out var user) is { } refusal ? refusal
        : TypedResults.Json(await connections.GetAsync(user), ApiJson.Default.UserConnections));

    private static Task<IResult> ShowStatusAsync(HttpRequest request, IConnections connections) => NodesAsked.TryAsync(async () =>
    {
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.UsersRequest);
        return !body.IsSuccess ? body.Reason
            : body.Value.Mistake() is { } mistake ? ApiRefusals.BodyInvalid(mistake)
            : TypedResults.Json(new UsersAnswer(await connections.GetStatusAsync(body.Value.Users)), ApiJson.Default.UsersAnswer);
    });

    private static Task<IResult> ListMembersAsync(HttpContext context, IConnections connections) => NodesAsked.TryAsync(async () =>
        RawPath.Name(context, "group", fromEnd: 1, out var group) is { } refusal ? refusal
        : !PageQuery.TryRead(context.Request, out var page, out var mistake) ? ApiRefusals.QueryInvalid(mistake)
        : TypedResults.Json(await connections.ListMembersAsync(group, page.Cursor, page.Limit), ApiJson.Default.UserStatusPage));

    private static Task<IResult> ListNodesAsync(IConnections connections) => NodesAsked.TryAsync(async () =>
        TypedResults.Json(new NodesAnswer(await connections.ListNodesAsync()), ApiJson.Default.NodesAnswer));
}
