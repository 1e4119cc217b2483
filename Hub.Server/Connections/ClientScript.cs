using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Connections;

/// <summary>The JavaScript client in one file, <c>/realtimehub.js</c>, built from Hub.Client.Js and embedded, so that the two never differ.</summary>
public static class ClientScript
{
    private const string FileName = "realtimehub.js";

    /// <summary>Maps <c>/realtimehub.js</c>, from which a page imports <c>PushClient</c>: compressed as the browser takes it, with an ETag.</summary>
    public static IEndpointRouteBuilder MapClientScript(this IEndpointRouteBuilder endpoints)
    {
        // The smallest first. They were compressed when the client was built.
        CodedScript[] scripts = [CodedScript.Read(FileName, "br"), CodedScript.Read(FileName, "gzip"), CodedScript.Read(FileName, CodedScript.Identity)];
        endpoints.MapMethods($"/{FileName}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => Answer(context, scripts));
        return endpoints;
    }

    private static FileContentHttpResult Answer(HttpContext context, CodedScript[] scripts)
    {
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        var script = scripts.MaxBy(coded => coded.QualityIn(accepted))!;
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;

        // A page that asks again gets 304, and after an upgrade of the hub the new client at once.
        headers.CacheControl = "no-cache";

        // The web app is often another origin, from which a module may be imported only with this. The file is public anyway.
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (script.Coding != CodedScript.Identity)
        {
            headers.ContentEncoding = script.Coding;
        }

        return TypedResults.Bytes(script.Bytes, "text/javascript; charset=utf-8", entityTag: script.Tag);
    }
}
