using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Insight.Load;
using RealtimeHub.Operations;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Redis;

namespace RealtimeHub.Hosting;

/// <summary>
/// The dashboard: a page for operators at <c>/dashboard/</c>, at addresses of its own. It shows nothing by itself: whoever opens it shows a
/// key of the API, and sees and does what that is good for.
/// </summary>
internal static class DashboardEndpoints
{
    private const string ItsOwn = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'";

    private static readonly (string Name, string Type)[] Files =
    [
        ("index.html", "text/html; charset=utf-8"), ("page.css", "text/css; charset=utf-8"),
        ("dashboard.css", "text/css; charset=utf-8"), ("dashboard.js", "text/javascript; charset=utf-8"), ("favicon.svg", "image/svg+xml"),
    ];

    public static IServiceCollection AddDashboard(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<DashboardOptions>(DashboardOptions.Section);
        return string.IsNullOrWhiteSpace(configuration[$"{DashboardOptions.Section}:{nameof(DashboardOptions.Urls)}"])
            ? services
            : services.AddSingleton<LoadWatchers>().AddSingleton<LoadHistory>()
                .AddHostedService(provider => provider.GetRequiredService<LoadHistory>());
    }

    public static WebApplication MapDashboard(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<DashboardOptions>>().Value;
        if (!options.IsThere)
        {
            return app;
        }

        var ports = options.Ports;
        var pages = app.MapGroup("/dashboard").AddEndpointFilter((context, next) =>
            ports.Contains(context.HttpContext.Connection.LocalPort) ? Secure(context, next) : new(ApiRefusals.NotFound));
        pages.MapGet("/", (HttpRequest request) => request.Path.Value!.EndsWith('/') ? Answer(Files[0]) : Results.LocalRedirect("~/dashboard/"))
            .ExcludeFromDescription();
        foreach (var file in Files)
        {
            pages.MapGet($"/{file.Name}", () => Answer(file)).ExcludeFromDescription();
        }

        pages.MapPost("/token", MintAsync)
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiKeyDefaults.AuthenticationScheme })
            .AddEndpointFilter(ApiEndpoints.ForbidCaching)
            .ExcludeFromDescription();

        return app;
    }

    /// <summary>Gives a page the token with which it becomes a client of this node.</summary>
    private static async Task<IResult> MintAsync(HttpContext context, LoadWatchers watchers)
    {
        if (!ApiKeyDefaults.HasScope(context.User, ApiScope.Read))
        {
            return ApiRefusals.ScopeMissing(ApiScope.Read, context.User.Identity!.Name!);
        }

        try
        {
            var token = await watchers.EnterAsync(context.RequestAborted);
            return TypedResults.Text(token.Reveal(), statusCode: StatusCodes.Status201Created);
        }
        catch (StoreUnavailableException away)
        {
            return ApiRefusals.StoreUnavailableBecause(away.Fault.Summary);
        }
    }

    private static ValueTask<object?> Secure(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.ContentSecurityPolicy = ItsOwn;
        context.HttpContext.Response.Headers.CacheControl = "no-cache";
        return next(context);
    }

    private static FileContentHttpResult Answer((string Name, string Type) file) =>
        TypedResults.Bytes(Resource.Read(typeof(DashboardEndpoints).Assembly, $"dashboard/{file.Name}"), file.Type);
}
