using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Connections;
using RealtimeHub.Operations;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Ingress;

/// <summary>Publishing over HTTP: <c>POST …/users/{user}/messages</c>, <c>…/groups/{group}/messages</c>, <c>…/everyone/messages</c>.</summary>
internal static class MessageEndpoints
{
    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{user}/messages", (HttpContext context, IHubContext<PushHub, IPushClient> hub, TimeProvider time) =>
            PublishToNamedAsync("user", Address.User, context, hub, time));
        api.MapPost("/groups/{group}/messages", (HttpContext context, IHubContext<PushHub, IPushClient> hub, TimeProvider time) =>
            PublishToNamedAsync("group", Address.Group, context, hub, time));
        api.MapPost("/everyone/messages", (HttpContext context, IHubContext<PushHub, IPushClient> hub, TimeProvider time) =>
            PublishAsync(Address.Everyone, context, hub, time));

        // A route parameter matches no empty segment, so a request without a name would be told 404 and look for the mistake elsewhere.
        api.MapPost("/users/{**rest}", (HttpContext context) => RefuseUnnamed("user", context));
        api.MapPost("/groups/{**rest}", (HttpContext context) => RefuseUnnamed("group", context));
        return api;
    }

    private static async Task<IResult> PublishToNamedAsync(
        string what, Func<string, Address> address, HttpContext context, IHubContext<PushHub, IPushClient> hub, TimeProvider time)
    {
        var name = RawPath.Segment(context, fromEnd: 1);
        return Identifier.IsValid(name)
            ? await PublishAsync(address(name), context, hub, time)
            : ApiRefusals.NameInvalid(what);
    }

    private static async Task<IResult> PublishAsync(
        Address address, HttpContext context, IHubContext<PushHub, IPushClient> hub, TimeProvider time)
    {
        var (request, refusal) = await JsonBody.ReadAsync(context.Request, ApiJson.Default.MessageRequest);
        if (refusal is not null)
        {
            return refusal;
        }

        return Message.IsType(request!.Type)
            ? await SendAsync(hub, Message.Create(address, request.Type, request.PayloadOrNull, time))
            : ApiRefusals.BodyInvalid(Message.TypeRule);
    }

    private static async Task<IResult> SendAsync(IHubContext<PushHub, IPushClient> hub, Message message)
    {
        try
        {
            await hub.Clients.At(message.Address).Receive(message);
            return TypedResults.Accepted((string?)null);
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            return Refusal.StoreUnavailable;
        }
    }

    private static Refusal RefuseUnnamed(string what, HttpContext context) =>
        context.Request.Path.Value!.Contains("//", StringComparison.Ordinal) ? ApiRefusals.NameInvalid(what) : ApiRefusals.NotFound;
}
