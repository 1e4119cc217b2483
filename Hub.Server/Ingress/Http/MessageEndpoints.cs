using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>
/// Publishing over HTTP: <c>POST …/users/{user}/messages</c>, <c>…/groups/{group}/messages</c>, <c>…/everyone/messages</c>.
/// </summary>
internal static class MessageEndpoints
{
    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.At("/users/{user}/messages").Post(PublishToUserAsync).Describe<MessageRequest, PublishedMessage>(
            Publishing("publishToUser", "Publish a message to a user", ApiRefusals.NameInvalid("user"), ApiRefusals.QueryInvalid(WaitQuery.Rule)) with
            {
                Query = WaitQuery.Parameters,
            });
        api.At("/groups/{group}/messages").Post(PublishToGroupAsync)
            .Describe<MessageRequest, PublishedMessage>(Publishing("publishToGroup", "Publish a message to a group", ApiRefusals.NameInvalid("group")));
        api.At("/everyone/messages").Post(PublishToEveryoneAsync)
            .Describe<MessageRequest, PublishedMessage>(Publishing("publishToEveryone", "Publish a message to every connection"));

        return api;
    }

    private static ApiOperation Publishing(string name, string summary, params Refusal[] refusals) => new()
    {
        Name = name,
        Tag = "Messages",
        Scope = ApiScope.Publish,
        Summary = summary,
        Description = "202 says that the message stands in the log of its address and was handed to the nodes, not that anybody was there to receive it.",
        Status = StatusCodes.Status202Accepted,
        Request = """{"type":"order.shipped","payload":{"id":7},"idempotencyKey":"shipped 7","ttlSeconds":3600}""",
        Answer = """{"id":"1790000000000002-7"}""",
        Refusals = [ApiRefusals.BodyInvalid(PushMessage.TypeRule), .. refusals,
            ApiRefusals.IdempotencyConflict, ApiRefusals.StoreUnavailable, ApiRefusals.RateLimited(seconds: 1)],
    };

    private static async Task<IResult> PublishToUserAsync(HttpContext context, Publisher publisher, HandledWait wait) =>
        RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal ? refusal
        : await PublishAsync(Address.User(user), context, publisher, wait);

    private static async Task<IResult> PublishToGroupAsync(HttpContext context, Publisher publisher, HandledWait wait) =>
        RawPath.Name(context, "group", fromEnd: 1, out var group) is { } refusal ? refusal
        : await PublishAsync(Address.Group(group), context, publisher, wait);

    private static Task<IResult> PublishToEveryoneAsync(HttpContext context, Publisher publisher, HandledWait wait) =>
        PublishAsync(Address.Everyone, context, publisher, wait);

    private static async Task<IResult> PublishAsync(Address address, HttpContext context, Publisher publisher, HandledWait wait)
    {
        if (!WaitQuery.TryRead(context.Request, address, out var limit, out var wrong))
        {
            return ApiRefusals.QueryInvalid(wrong);
        }

        Func<string, Task<PublishedMessage>>? waitAsync =
            limit is { } time ? id => wait.ForAsync(address, id, time, context.RequestAborted) : null;
        var body = await JsonBody.ReadAsync(context.Request, ApiJson.Default.MessageRequest);
        return !body.IsSuccess ? body.Reason
            : body.Value.TryRead(address, out var publication, out var mistake, isAwaited: waitAsync is not null)
                ? await PublishAsync(publication.From(ApiKeyDefaults.BackendOf(context.User)), publisher, waitAsync)
            : ApiRefusals.BodyInvalid(mistake);
    }

    private static async Task<IResult> PublishAsync(
        CheckedPublication publication, Publisher publisher, Func<string, Task<PublishedMessage>>? waitAsync)
    {
        try
        {
            var id = await publisher.PublishAsync(publication);
            var published = waitAsync is null ? new PublishedMessage(id) : await waitAsync(id);
            return TypedResults.Json(published, ApiJson.Default.PublishedMessage, statusCode: StatusCodes.Status202Accepted);
        }
        catch (IdempotencyConflictException)
        {
            return ApiRefusals.IdempotencyConflict;
        }
        catch (StoreUnavailableException away)
        {
            return ApiRefusals.StoreUnavailableBecause(away.Fault.Summary);
        }
    }
}
