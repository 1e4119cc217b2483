namespace RealtimeHub.Hosting;

/// <summary>Sets strict security headers on every answer. A page that needs more sets its own.</summary>
internal static class SecurityHeaders
{
    private const string NoPage = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // A WebSocket needs no such headers, and would keep this callback in memory as long as it is open.
        if (context.Request.Headers.Upgrade.Count == 0 && !HttpMethods.IsConnect(context.Request.Method))
        {
            context.Response.OnStarting(AddTo, context.Response.Headers);
        }

        return next(context);
    });

    // At the very end, because an error handler clears the headers that were set before.
    private static Task AddTo(object state)
    {
        var headers = (IHeaderDictionary)state;
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Content-Security-Policy", NoPage);
        headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
        return Task.CompletedTask;
    }
}
