using System.Net.Mime;
using System.Security.Cryptography;
using RealtimeHub.Operations;
using Scalar.AspNetCore;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>The HTTP API described, for programs (<c>/openapi/v1.json</c>) and for people (<c>/openapi/</c>).</summary>
internal static class ApiReference
{
    private const int NonceDigits = 32;

    public static IServiceCollection AddApiReference(this IServiceCollection services) =>
        services.AddSingleton<WrittenDocument>().AddOpenApi(options =>
    {
        options.ShouldInclude = path => path.RelativePath!.StartsWith("api/", StringComparison.Ordinal);
        options.AddOperationTransformer<ApiOperations>();
        options.AddDocumentTransformer<ApiDocument>();
    });

    public static void MapApiReference(this IEndpointRouteBuilder endpoints)
    {
        var nonceScript = Resource.Read(typeof(ApiReference).Assembly, "nonce.js");
        endpoints.MapGet(WrittenDocument.Path, (WrittenDocument document) => document.AnswerAsync()).ExcludeFromDescription();
        endpoints.MapGet("/openapi/nonce.js", () => TypedResults.Bytes(nonceScript, "text/javascript; charset=utf-8")).ExcludeFromDescription();
        endpoints.MapScalarApiReference("/openapi", (options, context) =>
        {
            var nonce = RandomNumberGenerator.GetHexString(NonceDigits, lowercase: true);
            context.Response.Headers.ContentSecurityPolicy = OnlyThisHost(nonce);
            options.WithTitle("RealtimeHub API").DisableDefaultFonts().HideClientButton().HideDeveloperTools().DisableTelemetry().DisableAgent()
                .DisableMcp()
                .WithNonce(nonce).AddHeadContent($"""<meta property="csp-nonce" content="{nonce}"><script src="nonce.js"></script>""");
        });
    }

    // A backend's developer may try a key here. So the page loads from the hub alone and can send to nobody else, and no script runs that
    // a name or an example may have brought in.
    private static string OnlyThisHost(string nonce) =>
        $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        + "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Describes an endpoint: it is in the document, with its bodies and every way in which it refuses.</summary>
    public static RouteHandlerBuilder Describe<TRequest, TAnswer>(this RouteHandlerBuilder endpoint, ApiOperation operation)
        where TRequest : notnull =>
        endpoint.Accepts<TRequest>(MediaTypeNames.Application.Json).Describe<TAnswer>(operation);

    /// <summary>The same, of an endpoint that takes no body.</summary>
    public static RouteHandlerBuilder Describe<TAnswer>(this RouteHandlerBuilder endpoint, ApiOperation operation)
    {
        endpoint.WithMetadata(operation).WithSummary(operation.Summary).WithDescription(operation.Description).WithTags(operation.Tag)
            .Produces<TAnswer>(operation.Status);
        foreach (var status in operation.AllRefusals.Select(refusal => refusal.Status).Distinct())
        {
            endpoint.Produces<Problem>(status, MediaTypeNames.Application.ProblemJson);
        }

        return endpoint;
    }
}
