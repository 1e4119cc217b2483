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

        api.AddEndpointFilter(RefuseUnnamed).AddEndpointFilter(RequireScope);
        api.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiKeyDefaults.AuthenticationScheme });
        var counted = api.MapGroup("").AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<MessageRate>().TakeOneAsync);
        counted.MapTokens();
        counted.MapMessages();
        api.MapBatch();
        api.MapReceipts();
        api.MapExplain();
        api.MapLog();
        api.MapPresence();
        api.MapFollow();
        api.MapNodes();
        api.MapLoad();
        api.MapSettings();
        api.MapControl();
        api.MapGroups();
        endpoints.MapApiReference();
        return endpoints;
    }

    /// <summary>Begins a path of the API, to which its methods are added.</summary>
    internal static ApiPath At(this IEndpointRouteBuilder api, string pattern) => new(api, pattern);

    internal static ValueTask<object?> ForbidCaching(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return next(context);
    }

    /// <summary>Refuses a key that is not good for what is asked. The demo has the same endpoints, and no keys.</summary>
    private static ValueTask<object?> RequireScope(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ApiOperation>() is { Scope: var scope }
        && !ApiKeyDefaults.HasScope(context.HttpContext.User, scope)
            ? new(ApiRefusals.ScopeMissing(scope, context.HttpContext.User.Identity!.Name!))
            : next(context);

    /// <summary>Refuses a path that has an empty name, or ends where a name would stand.</summary>
    /// <remarks>
    /// For routing <c>/users/alice/connections/</c> is <c>/users/alice/connections</c>: whoever forgets the id of one connection must not
    /// end all.
    /// </remarks>
    internal static ValueTask<object?> RefuseUnnamed(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        RawPath.Of(context.HttpContext) is var path && (path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
            && path.TrimEnd('/').Count('/') > 1
            ? new(ApiRefusals.NameMissing)
            : next(context);
}
