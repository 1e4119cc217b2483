using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Operations;
using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Hosting;

/// <summary>What holds for every path of the server: proxies, hosts, path base, headers, errors.</summary>
internal static class SiteExtensions
{
    public static IServiceCollection AddSite(this IServiceCollection services)
    {
        services.AddOptions<SiteOptions>().Configure<IConfiguration>(Read).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SiteOptions>, SiteOptionsValidator>());
        services.AddValidatedOptions<ProxyOptions, ProxyOptionsValidator>(ProxyOptions.Section);
        services.TryAddSingleton<HostGuard>();
        services.TryAddSingleton<DocumentationLink>();
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KestrelServerOptions>, ConnectionLimits>());

        // Switches off the framework's own guard, which reads the same key and answers in HTML.
        services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = ["*"]);
        return services.AddProblemDetails().AddExceptionHandler<MalformedRequest>();
    }

    /// <summary>
    /// Learns from known proxies who the client is, refuses ambiguous paths and unknown host names, and removes the path base before
    /// routing.
    /// </summary>
    public static WebApplication UseSite(this WebApplication app)
    {
        app.UseKnownProxies().UseSecurityHeaders().UseExceptionHandler().UseStatusCodePages();
        app.UsePathBase(app.Services.GetRequiredService<IOptions<SiteOptions>>().Value.PathBase);
        app.UseHostGuard().UsePathGuard().UseRouting().UseAnswersInPieces();
        app.MapDocumentationPages();
        return app;
    }

    private static IApplicationBuilder UseHostGuard(this IApplicationBuilder app) => app.Use((context, next) =>
        context.RequestServices.GetRequiredService<HostGuard>().Allows(context.Request)
            ? next(context)
            : ApiRefusals.HostRefused.ExecuteAsync(context));

    private static void Read(SiteOptions site, IConfiguration configuration)
    {
        site.PathBase = configuration[nameof(SiteOptions.PathBase)] ?? "";
        site.AllowedHosts = (configuration[nameof(SiteOptions.AllowedHosts)] ?? "").Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
