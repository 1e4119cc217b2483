using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>
/// Takes what the document says beside its paths, which are the endpoints' own, from <c>openapi.json</c>: the bodies with their limits, in
/// words for backends.
/// </summary>
internal sealed class ApiDocument(IOptions<SiteOptions> site) : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        await using var file = typeof(ApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        var written = (await OpenApiDocument.LoadAsync(file, "json", cancellationToken: cancellationToken)).Document!;
        document.Info = written.Info;
        document.Components = written.Components;
        document.Security = written.Security;

        // Where the document was found, and not as the request says: whoever is asked under a false name would pass it on.
        document.Servers = site.Value.PathBase is { Length: > 0 } path ? [new OpenApiServer { Url = path }] : null;
    }
}
