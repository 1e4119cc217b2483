using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Connections;

/// <summary>
/// The JavaScript client in one file, <c>/realtimehub.js</c>, built from Hub.Client.Js and embedded, so that the two never differ.
/// </summary>
internal sealed class ClientScript
{
    public const string FileName = "realtimehub.js";

    // The smallest first. They are compressed when the client is built.
    private readonly CodedScript[] _codings =
        [CodedScript.Read(FileName, "br"), CodedScript.Read(FileName, "gzip"), CodedScript.Read(FileName, CodedScript.Identity)];

    /// <summary>Answers in the smallest coding that the browser accepts.</summary>
    public FileContentHttpResult Answer(HttpContext context)
    {
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        var script = _codings.MaxBy(coded => coded.QualityIn(accepted))!;
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;

        // The browser must ask each time: it gets 304, or at once the new client after an upgrade of the hub.
        headers.CacheControl = "no-cache";

        // The web app often has another origin, and can import a module only with this. The file is public anyway.
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (script.Coding != CodedScript.Identity)
        {
            headers.ContentEncoding = script.Coding;
        }

        return TypedResults.Bytes(script.Bytes, "text/javascript; charset=utf-8", entityTag: script.Tag);
    }
}
