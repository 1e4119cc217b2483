using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeHub.Hosting;

/// <summary>What a load balancer and a supervisor ask.</summary>
internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c>: the process answers; restart it if it does not. <c>/health/ready</c>: what it depends on answers as well;
    /// send it no clients while it does not. That says in JSON what each of them says.
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

    // The framework describes a check that has thrown by what it threw, which is nobody's business here.
    private static string? Description(HealthReportEntry entry) => entry.Description == entry.Exception?.Message ? null : entry.Description;
}
