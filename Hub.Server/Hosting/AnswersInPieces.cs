using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Hosting;

/// <summary>Writes answers over HTTP/2 piece by piece.</summary>
/// <remarks>
/// A client of HTTP/2 can send a hundred requests at once and take none of the answers (a flow-control window of 0). Kestrel then keeps
/// what was written to each. In small pieces, each written when the one before was taken, that is little. HTTP/1.1 has one answer at a
/// time. What a hub writes needs no such care: its messages are small, and its outbox is bounded.
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
