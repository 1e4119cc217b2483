using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Operations;
using RealtimeHub.Redis;

namespace RealtimeHub.Minting;

/// <summary>
/// <c>&lt;hub-token /&gt;</c> in any view becomes <c>&lt;meta name="hub-token" content="…"&gt;</c> with a token for the signed-in user,
/// and nothing for an anonymous one. The JavaScript client's <c>tokenFrom</c> takes the token from there, and the cursor from
/// <c>data-cursors</c>, so that the client misses nothing that is published between rendering the page and connecting.
/// </summary>
/// <remarks>
/// The page is marked <c>Cache-Control: no-store</c>, because the token in it works once. While Redis is away the page is rendered
/// without a token: the client asks for one when it connects, and keeps asking. The page also has no token if the signed-in name cannot be
/// a user's (<see cref="Identifier"/>). The log tells both.
/// </remarks>
[HtmlTargetElement("hub-token", TagStructure = TagStructure.WithoutEndTag)]
public sealed partial class HubTokenTagHelper(ILogger<HubTokenTagHelper> logger) : TagHelper
{
    /// <summary>Set by Razor.</summary>
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc />
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        if (await MintAsync() is not { } token)
        {
            output.SuppressOutput();
            return;
        }

        ForbidCaching(ViewContext.HttpContext.Response);
        output.TagName = "meta";
        output.TagMode = TagMode.StartTagOnly;
        output.Attributes.SetAttribute("name", "hub-token");
        output.Attributes.SetAttribute("content", token.Token);
        output.Attributes.SetAttribute("data-cursors", JsonSerializer.Serialize(token.Cursors));
    }

    private async Task<MintedToken?> MintAsync()
    {
        if (SignedInUser.RecordFor(ViewContext.HttpContext.User) is not { } record)
        {
            return null;
        }

        var services = ViewContext.HttpContext.RequestServices;
        if (record.MistakeInMinting(services.GetRequiredService<TimeProvider>().GetUtcNow()) is { } mistake)
        {
            Report(services, $"Who is signed in cannot be a user of the hub: {mistake}.");
            return null;
        }

        try
        {
            return await services.GetRequiredService<TokenMint>().MintAsync(record, ViewContext.HttpContext.RequestAborted);
        }
        catch (StoreUnavailableException away)
        {
            Report(services, $"{away.Fault}");
            return null;
        }
    }

    private void Report(IServiceProvider services, string fault) => services.GetRequiredService<LogSummary>().Report(
        nameof(Log.PageWithoutToken), fault, (count, faults) => Log.PageWithoutToken(logger, count, faults));

    private static void ForbidCaching(HttpResponse response)
    {
        if (!response.HasStarted)
        {
            response.Headers[HeaderNames.CacheControl] = "no-store";
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Rendered pages without their tokens ({Count}). {Faults}", EventName = "PageWithoutToken")]
        public static partial void PageWithoutToken(ILogger logger, long count, string faults);
    }
}
