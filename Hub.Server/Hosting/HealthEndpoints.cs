using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeHub.Hosting;

/// <summary>The health endpoints for load balancers and supervisors.</summary>
internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c> answers while the process works: restart it if it does not. <c>/health/ready</c> also checks what the node
    /// depends on, and tells the result of each check in JSON: send the node no clients while it is not healthy.
    /// </summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        var log = ActivatorUtilities.CreateInstance<HealthLog>(endpoints.ServiceProvider);
        endpoints.MapHealthChecks(
            "/health/ready", new HealthCheckOptions { ResponseWriter = (context, report) => WriteAsync(context, log.Noted(report)) });
        return endpoints;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(
            check => check.Key, check => new { status = check.Value.Status.ToString(), description = Description(check.Value) }),
    });

    // For a check that threw, the framework's description is the exception's message, which is not for the public.
    private static string? Description(HealthReportEntry entry) => entry.Description == entry.Exception?.Message ? null : entry.Description;
}
