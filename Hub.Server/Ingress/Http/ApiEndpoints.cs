using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;

namespace RealtimeHub.Ingress.Http;

/// <summary>The HTTP API for backends.</summary>
internal static class ApiEndpoints
{
    /// <summary>
    /// Maps <c>/api</c> and its reference. If no key is configured, all of <c>/api</c> answers with a refusal that says so.
    /// </summary>
    public static IEndpointRouteBuilder MapHttpApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").AddEndpointFilter(ForbidCaching);
        var isShut = endpoints.ServiceProvider.GetRequiredService<ApiKeyRing>().IsEmpty;
        api.Map("/{**rest}", () => isShut ? ApiRefusals.NoKey : ApiRefusals.NotFound).ExcludeFromDescription();
        if (isShut)
        {
            return endpoints;
        }

        api.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiKeyDefaults.AuthenticationScheme });
        var counted = api.MapGroup("").AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<MessageRate>().TakeOneAsync);
        counted.MapTokens();
        counted.MapMessages();
        api.MapBatch();
        endpoints.MapApiReference();
        return endpoints;
    }

    /// <summary>Maps a path that takes only <c>POST</c>, and answers any other method with a refusal that says so.</summary>
    internal static RouteHandlerBuilder MapPostOnly(this IEndpointRouteBuilder endpoints, string pattern, Delegate handler)
    {
        // Routing also sends a POST here whose type is not JSON.
        endpoints.Map(pattern, (HttpRequest request) => HttpMethods.IsPost(request.Method)
            ? ApiRefusals.NotJson(JsonMedia.Mistake(contentType: null, contentEncoding: default)!)
            : ApiRefusals.MethodNotAllowed).ExcludeFromDescription();
        return endpoints.MapPost(pattern, handler);
    }

    internal static ValueTask<object?> ForbidCaching(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return next(context);
    }
}
