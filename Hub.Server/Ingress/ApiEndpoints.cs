using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Ingress.Reference;

namespace RealtimeHub.Ingress;

/// <summary>The HTTP API for backends.</summary>
internal static class ApiEndpoints
{
    /// <summary>Maps <c>/api</c> with its reference, or a door that is shut for all if no key is configured: what nobody asked for does not exist.</summary>
    public static IEndpointRouteBuilder MapHttpApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").AddEndpointFilter(ForbidCaching);
        api.Map("/{**rest}", () => ApiRefusals.NotFound).ExcludeFromDescription();
        if (endpoints.ServiceProvider.GetRequiredService<ApiKeyRing>().IsEmpty)
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

    /// <summary>Maps a path that knows only <c>POST</c>, and says so to whoever comes otherwise.</summary>
    internal static RouteHandlerBuilder MapPostOnly(this IEndpointRouteBuilder endpoints, string pattern, Delegate handler)
    {
        // Routing sends a POST of another type than JSON here as well.
        endpoints.Map(pattern, (HttpRequest request) => HttpMethods.IsPost(request.Method) ? ApiRefusals.NotJson : ApiRefusals.MethodNotAllowed).ExcludeFromDescription();
        return endpoints.MapPost(pattern, handler);
    }

    internal static ValueTask<object?> ForbidCaching(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return next(context);
    }
}
