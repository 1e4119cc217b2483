using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress;

/// <summary>Publishing over HTTP: <c>POST …/users/{user}/messages</c>, <c>…/groups/{group}/messages</c>, <c>…/everyone/messages</c>.</summary>
internal static class MessageEndpoints
{
    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{user}/messages", (HttpContext context, IPublisher publisher) =>
            PublishToNamedAsync("user", Address.User, context, publisher));
        api.MapPost("/groups/{group}/messages", (HttpContext context, IPublisher publisher) =>
            PublishToNamedAsync("group", Address.Group, context, publisher));
        api.MapPost("/everyone/messages", (HttpContext context, IPublisher publisher) =>
            PublishAsync(Address.Everyone, context, publisher));

        // A route parameter matches no empty segment, so a request without a name would be told 404 and look for the mistake elsewhere.
        api.MapPost("/users/{**rest}", (HttpContext context) => RefuseUnnamed("user", context));
        api.MapPost("/groups/{**rest}", (HttpContext context) => RefuseUnnamed("group", context));
        return api;
    }

    private static async Task<IResult> PublishToNamedAsync(string what, Func<string, Address> address, HttpContext context, IPublisher publisher)
    {
        var name = RawPath.Segment(context, fromEnd: 1);
        return Identifier.IsValid(name) ? await PublishAsync(address(name), context, publisher) : ApiRefusals.NameInvalid(what);
    }

    private static async Task<IResult> PublishAsync(Address address, HttpContext context, IPublisher publisher)
    {
        var (request, refusal) = await JsonBody.ReadAsync(context.Request, ApiJson.Default.MessageRequest);
        return refusal ?? await PublishAsync(request!.To(address), publisher);
    }

    private static async Task<IResult> PublishAsync(Publication publication, IPublisher publisher)
    {
        if (Sealing.Mistake(publication) is { } mistake)
        {
            return ApiRefusals.BodyInvalid(mistake);
        }

        try
        {
            var ids = await publisher.PublishAsync([publication]);
            return TypedResults.Json(new PublishedMessage(ids[0]), ApiJson.Default.PublishedMessage, statusCode: StatusCodes.Status202Accepted);
        }
        catch (StoreUnavailableException)
        {
            return Refusal.StoreUnavailable;
        }
    }

    private static Refusal RefuseUnnamed(string what, HttpContext context) =>
        context.Request.Path.Value!.Contains("//", StringComparison.Ordinal) ? ApiRefusals.NameInvalid(what) : ApiRefusals.NotFound;
}
