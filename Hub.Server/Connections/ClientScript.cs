using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Connections;

/// <summary>The JavaScript client in one file, <c>/realtimehub.js</c>, built from Hub.Client.Js and embedded, so that the two never differ.</summary>
public static class ClientScript
{
    private const string FileName = "realtimehub.js";

    /// <summary>Maps <c>/realtimehub.js</c>, from which a page imports <c>PushClient</c>.</summary>
    public static IEndpointRouteBuilder MapClientScript(this IEndpointRouteBuilder endpoints)
    {
        var file = new EmbeddedFileProvider(typeof(ClientScript).Assembly, baseNamespace: "").GetFileInfo(FileName);
        var script = Read(file);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(script))[..16]}\"");
        endpoints.MapMethods($"/{FileName}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) =>
        {
            // A page that asks again gets 304, and after an upgrade of the hub the new client at once.
            context.Response.Headers.CacheControl = "no-cache";

            // The web app is often another origin, from which a module may be imported only with this. The file is public anyway.
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return TypedResults.Bytes(script, "text/javascript; charset=utf-8", entityTag: tag);
        });
        return endpoints;
    }

    private static byte[] Read(IFileInfo file)
    {
        using var stream = file.CreateReadStream();
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
