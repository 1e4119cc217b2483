using System.Net.Mime;
using RealtimeHub.Operations;
using Scalar.AspNetCore;

namespace RealtimeHub.Ingress.Reference;

/// <summary>The HTTP API described, for programs (<c>/openapi/v1.json</c>) and for people (<c>/openapi/</c>).</summary>
internal static class ApiReference
{
    // A backend's developer may try a key here. What the page needs comes from the hub, and it can speak to nobody else.
    private const string OnlyThisHost = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    public static IServiceCollection AddApiReference(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.ShouldInclude = path => path.RelativePath!.StartsWith("api/", StringComparison.Ordinal);
        options.AddOperationTransformer<ApiOperations>();
        options.AddDocumentTransformer<ApiDocument>();
    });

    public static void MapApiReference(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi();
        endpoints.MapScalarApiReference("/openapi", (options, context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = OnlyThisHost;
            options.WithTitle("RealtimeHub API").DisableDefaultFonts().HideClientButton().HideDeveloperTools().DisableTelemetry().DisableAgent().DisableMcp();
        });
    }

    /// <summary>Describes an endpoint: it is in the document, with its bodies and every way in which it refuses.</summary>
    public static RouteHandlerBuilder Describe<TRequest, TAnswer>(this RouteHandlerBuilder endpoint, ApiOperation operation)
        where TRequest : notnull
    {
        endpoint.WithMetadata(operation).WithSummary(operation.Summary).WithDescription(operation.Description).WithTags(operation.Tag)
            .Accepts<TRequest>(MediaTypeNames.Application.Json).Produces<TAnswer>(operation.Status);
        foreach (var status in operation.AllRefusals.Select(refusal => refusal.Status).Distinct())
        {
            endpoint.Produces<Problem>(status, MediaTypeNames.Application.ProblemJson);
        }

        return endpoint;
    }
}
