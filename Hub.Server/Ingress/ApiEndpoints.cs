using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Ingress;

/// <summary>The HTTP API for backends.</summary>
internal static class ApiEndpoints
{
    /// <summary>Maps <c>/api</c>, or nothing if no key is configured: a door that nobody asked for does not exist.</summary>
    public static IEndpointRouteBuilder MapHttpApi(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<ApiKeyRing>().IsEmpty)
        {
            return endpoints;
        }

        var api = endpoints.MapGroup("/api")
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiKeyDefaults.AuthenticationScheme })
            .WithMetadata(new RequestSizeLimitAttribute(JsonBody.LargestBody))
            .AddEndpointFilter(ForbidCaching);
        api.MapPost("/tokens", TokensEndpoint.MintAsync);
        api.MapMessages();
        return endpoints;
    }

    internal static ValueTask<object?> ForbidCaching(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return next(context);
    }
}
