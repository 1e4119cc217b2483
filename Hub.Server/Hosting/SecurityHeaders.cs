namespace RealtimeHub.Hosting;

/// <summary>Tells browsers to make of an answer only what it is. A page that needs more says so itself.</summary>
internal static class SecurityHeaders
{
    private const string NoPage = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // A WebSocket is no document, and would hold what is set here for as long as it is open.
        if (context.Request.Headers.Upgrade.Count == 0 && !HttpMethods.IsConnect(context.Request.Method))
        {
            context.Response.OnStarting(AddTo, context.Response.Headers);
        }

        return next(context);
    });

    // Last of all, because an error handler clears the answer and begins again.
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
