using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Operations.Redaction;

/// <summary>Removes secrets from the activity of each request, before and after the request is handled.</summary>
/// <remarks>
/// A client in a browser may have to show its token in the address, and instrumentation records addresses (<c>url.query</c>,
/// <c>url.full</c>). Some instrumentation redacts values itself, but that can be switched off. Without a listener there is no activity, and
/// this costs nothing.
/// </remarks>
internal sealed class TraceRedaction : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    private static Task HandleAsync(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity ? HandleAsync(activity, context, next) : next(context);

    private static async Task HandleAsync(Activity activity, HttpContext context, RequestDelegate next)
    {
        Redact(activity);
        try
        {
            await next(context);
        }
        finally
        {
            Redact(activity);
        }
    }

    private static void Redact(Activity activity)
    {
        foreach (var (name, value) in activity.TagObjects.ToList())
        {
            if (value is string text && SecretText.Redact(text) is var safe && !ReferenceEquals(safe, text))
            {
                activity.SetTag(name, safe);
            }
        }
    }
}
