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
        api.At("/users/{user}/messages").Post((HttpContext context, Publisher publisher) => PublishToNamedAsync("user", Address.User, context, publisher))
            .Describe<MessageRequest, PublishedMessage>(Publishing("publishToUser", "Publish a message to a user", ApiRefusals.NameInvalid("user")));
        api.At("/groups/{group}/messages").Post((HttpContext context, Publisher publisher) => PublishToNamedAsync("group", Address.Group, context, publisher))
            .Describe<MessageRequest, PublishedMessage>(Publishing("publishToGroup", "Publish a message to a group", ApiRefusals.NameInvalid("group")));
        api.At("/everyone/messages").Post((HttpContext context, Publisher publisher) => PublishAsync(Address.Everyone, context, publisher))
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

    private static async Task<IResult> PublishToNamedAsync(
        string what, Func<string, Address> address, HttpContext context, Publisher publisher)
    {
        return RawPath.Name(context, what, fromEnd: 1, out var name) is { } refusal
            ? refusal
            : await PublishAsync(address(name), context, publisher);
    }

    private static async Task<IResult> PublishAsync(Address address, HttpContext context, Publisher publisher)
    {
        var body = await JsonBody.ReadAsync(context.Request, ApiJson.Default.MessageRequest);
        return !body.IsSuccess ? body.Reason
            : body.Value.TryRead(address, out var publication, out var mistake)
                ? await PublishAsync(publication.From(ApiKeyDefaults.BackendOf(context.User)), publisher)
            : ApiRefusals.BodyInvalid(mistake);
    }

    private static async Task<IResult> PublishAsync(CheckedPublication publication, Publisher publisher)
    {
        try
        {
            var id = await publisher.PublishAsync(publication);
            return TypedResults.Json(new PublishedMessage(id), ApiJson.Default.PublishedMessage, statusCode: StatusCodes.Status202Accepted);
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
