using RealtimeHub.Control;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary>The groups that users are in for long, over HTTP.</summary>
internal static partial class GroupEndpoints
{
    private const string Tag = "Control";

    public static void MapGroups(this IEndpointRouteBuilder api)
    {
        var member = api.At("/groups/{group}/users/{user}");
        member.Put(AddAsync).Describe<GroupChange>(Add);
        member.Delete(RemoveAsync).Describe<GroupChange>(Remove);
        api.At("/users/{user}/groups").Get(ListAsync).Describe<GroupsAnswer>(List);
    }

    private static ApiOperation Add { get; } = new()
    {
        Name = "addToGroup",
        Tag = Tag,
        Summary = "Put a user into a group that lasts",
        Description = "By whatever connection the user comes, on whichever node. Connections that are open follow at once. Who is in the group already stays until the new time.",
        Scope = ApiScope.Control,
        Query = UntilQuery.Parameters,
        Status = StatusCodes.Status200OK,
        Answer = """{"connections":1}""",
        Refusals =
        [
            ApiRefusals.NameInvalid("group"), ApiRefusals.NameInvalid("user"), ApiRefusals.QueryInvalid(UntilQuery.Rule), ApiRefusals.GroupsFull,
            Refusal.StoreUnavailable, ApiRefusals.NodeSilent,
        ],
    };

    private static ApiOperation Remove { get; } = Add with
    {
        Name = "removeFromGroup",
        Summary = "Take a user out of a group that lasts",
        Description = "What else keeps a connection in the group stays: its token, or its client. A user who is not in the group is no mistake.",
        Query = [],
        Refusals =
        [
            ApiRefusals.NameInvalid("group"), ApiRefusals.NameInvalid("user"), Refusal.StoreUnavailable, ApiRefusals.NodeSilent,
        ],
    };

    private static ApiOperation List { get; } = new()
    {
        Name = "listGroups",
        Tag = Tag,
        Summary = "List the groups that a user is in for long",
        Description = "In the order of their names, at most 1,000. Not those that only a token or a client has joined.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """{"groups":[{"group":"trial","until":"2099-01-31T12:00:00+00:00"}]}""",
        Refusals = [ApiRefusals.NameInvalid("user"), Refusal.StoreUnavailable],
    };

    private static Task<IResult> AddAsync(HttpContext context, IGroupControl groups, TimeProvider time, ILoggerFactory logs) =>
        !UntilQuery.TryRead(context.Request, time.GetUtcNow(), out var until, out var mistake)
            ? Task.FromResult<IResult>(ApiRefusals.QueryInvalid(mistake))
            : ChangeAsync(context, async (group, user) =>
            {
                var change = await groups.AddAsync(user, group, until);
                Log.Added(LoggerOf(logs), ApiKeyDefaults.BackendOf(context.User), user, group, change.Connections);
                return change;
            });

    private static Task<IResult> RemoveAsync(HttpContext context, IGroupControl groups, ILoggerFactory logs) =>
        ChangeAsync(context, async (group, user) =>
        {
            var change = await groups.RemoveAsync(user, group);
            Log.Removed(LoggerOf(logs), ApiKeyDefaults.BackendOf(context.User), user, group, change.Connections);
            return change;
        });

    private static Task<IResult> ListAsync(HttpContext context, IGroupControl groups) => NodesAsked.TryAsync(async () =>
        RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal ? refusal
        : TypedResults.Json(new GroupsAnswer(await groups.ListAsync(user)), ApiJson.Default.GroupsAnswer));

    private static Task<IResult> ChangeAsync(HttpContext context, Func<string, string, Task<GroupChange>> change) =>
        RawPath.Name(context, "group", fromEnd: 2, out var group) is { } refusal ? Task.FromResult<IResult>(refusal)
        : RawPath.Name(context, "user", fromEnd: 0, out var user) is { } unnamed ? Task.FromResult<IResult>(unnamed)
        : NodesAsked.TryAsync(async () =>
        {
            try
            {
                return TypedResults.Json(await change(group, user), ApiJson.Default.GroupChange);
            }
            catch (GroupsFullException)
            {
                return ApiRefusals.GroupsFull;
            }
        });

    private static ILogger LoggerOf(ILoggerFactory logs) => logs.CreateLogger(typeof(GroupEndpoints));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Backend} has put user {User} into group {Group}; {Count} connections follow.", EventName = "AddedToGroup")]
        public static partial void Added(ILogger logger, string backend, string user, string group, int count);

        [LoggerMessage(2, LogLevel.Information, "{Backend} has taken user {User} out of group {Group}; {Count} connections follow.", EventName = "RemovedFromGroup")]
        public static partial void Removed(ILogger logger, string backend, string user, string group, int count);
    }
}
