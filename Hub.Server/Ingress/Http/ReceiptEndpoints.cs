using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Insight.Messages;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>What has become of a message, and how far devices are, over HTTP.</summary>
internal static class ReceiptEndpoints
{
    private static ApiOperation ShowToUser { get; } = new()
    {
        Name = "showMessageToUser",
        Tag = "Messages",
        Summary = "Show what has become of a message to a user",
        Description = "Whether the log still has it, which connections it was sent to, and which devices of the user have handled it: a device is a client that keeps its cursors, and says once a second how far its handlers have come.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """
            {"id":"1790000000000002-7","address":"user:alice","state":"stored","type":"order.shipped","time":"2026-11-29T16:20:22.512+00:00","publisher":"api/shop",
            "connections":[{"id":"3pGBcUsXm9OvGWCpAmtFeA","node":"0197a6b1c9d07e6b8f6d2a5f4f6f0c1e","client":"realtimehub-js/0.1.0","state":"sent"}],
            "devices":[{"device":"Kq0wR5xLr1E","state":"handled","at":"2026-11-29T16:20:23.801+00:00","upTo":"1790000000000002-7","client":"realtimehub-js/0.1.0"}]}
            """,
        Refusals =
        [
            ApiRefusals.NameInvalid("user"), ApiRefusals.IdInvalid, ApiRefusals.MessageUnknown(LogEntryState.Unknown), Refusal.StoreUnavailable,
        ],
    };

    private static ApiOperation ShowToGroup { get; } = ShowToUser with
    {
        Name = "showMessageToGroup",
        Summary = "Show what has become of a message to a group",
        Description = "Whether the log still has it, how many users of the group have handled it, and the first names.",
        Answer = """
            {"id":"1790000000000041-12","address":"group:room1","state":"stored","type":"room.renamed","time":"2026-11-29T16:20:22.512+00:00","publisher":"api/shop",
            "members":{"handledCount":2,"failedCount":0,"handledBy":["alice","bob"]}}
            """,
        Refusals =
        [
            ApiRefusals.NameInvalid("group"), ApiRefusals.IdInvalid, ApiRefusals.MessageUnknown(LogEntryState.Unknown), Refusal.StoreUnavailable,
        ],
    };

    private static ApiOperation ListDevices { get; } = new()
    {
        Name = "listDevices",
        Tag = "Messages",
        Summary = "List how far the devices of a user have come",
        Description = "The cursor of each device in the log of the user, as far as it has said: up to which message its handlers have come, and how many messages come behind that. A device is known for as long as the log is kept after it was last heard of.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """
            {"user":"alice","devices":[{"device":"Kq0wR5xLr1E","client":"realtimehub-js/0.1.0","at":"2026-11-29T16:20:23.801+00:00",
            "upTo":"1790000000000002-7","behind":0}]}
            """,
        Refusals = [ApiRefusals.NameInvalid("user"), Refusal.StoreUnavailable],
    };

    public static void MapReceipts(this IEndpointRouteBuilder api)
    {
        api.At("/users/{user}/messages/{id}")
            .Get((HttpContext context, MessageTracking messages) => ShowAsync("user", Address.User, context, messages))
            .Describe<MessageStatus>(ShowToUser);
        api.At("/groups/{group}/messages/{id}")
            .Get((HttpContext context, MessageTracking messages) => ShowAsync("group", Address.Group, context, messages))
            .Describe<MessageStatus>(ShowToGroup);
        api.At("/users/{user}/devices").Get(ListDevicesAsync).Describe<UserDevices>(ListDevices);
    }

    private static Task<IResult> ShowAsync(string what, Func<string, Address> address, HttpContext context, MessageTracking messages) =>
        NodesAsked.TryAsync(async () =>
            RawPath.Name(context, what, fromEnd: 2, out var name) is { } refusal ? refusal
            : RawPath.Name(context, "id", fromEnd: 0, out var text) is not null || !Cursor.TryParse(text, out var id) ? ApiRefusals.IdInvalid
            : id.IsTransient ? ApiRefusals.MessageTransient
            : await ShowAsync(address(name), id, messages));

    private static Task<IResult> ListDevicesAsync(HttpContext context, MessageTracking messages) => NodesAsked.TryAsync(async () =>
        RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal ? refusal
        : TypedResults.Json(await messages.DevicesOfAsync(Address.User(user)), ApiJson.Default.UserDevices));

    private static async Task<IResult> ShowAsync(Address address, Cursor id, MessageTracking messages)
    {
        var (status, state) = await messages.FindAsync(address, id);
        return status is not null ? TypedResults.Json(status, ApiJson.Default.MessageStatus) : ApiRefusals.MessageUnknown(state);
    }
}
