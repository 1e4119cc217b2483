using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>
/// Adds to the document what <c>openapi.json</c> holds: the bodies with their limits, described for backends. The paths come from the
/// endpoints themselves.
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

        // Relative to the document, and not the host that the request names: that name may be false, and the document would spread it.
        document.Servers = site.Value.PathBase is { Length: > 0 } path ? [new OpenApiServer { Url = path }] : null;
    }
}
