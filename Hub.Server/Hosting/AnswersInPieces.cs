using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Hosting;

/// <summary>Writes answers over HTTP/2 piece by piece.</summary>
/// <remarks>
/// A client of HTTP/2 can ask for a hundred answers at once and take none (a flow-control window of 0). Kestrel keeps for each what was
/// written to it until then: in pieces, that is little. HTTP/1.1 has one answer at a time. What a hub writes is in pieces already, and
/// bounded by its outbox.
/// </remarks>
internal static class AnswersInPieces
{
    public static IApplicationBuilder UseAnswersInPieces(this IApplicationBuilder app) => app.Use((context, next) =>
        MayBeLarge(context) ? AnswerAsync(context, next) : next(context));

    private static bool MayBeLarge(HttpContext context) =>
        HttpProtocol.IsHttp2(context.Request.Protocol) && HttpMethods.IsGet(context.Request.Method)
            && context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is null;

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var whole = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var pieces = new StreamResponseBodyFeature(new StreamInPieces(whole.Stream), whole);
        context.Features.Set<IHttpResponseBodyFeature>(pieces);
        try
        {
            await next(context);
            await pieces.CompleteAsync();
        }
        finally
        {
            context.Features.Set(whole);
        }
    }
}
