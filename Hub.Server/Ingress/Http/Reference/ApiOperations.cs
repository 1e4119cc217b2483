using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>Puts into the document what an <see cref="ApiOperation"/> says.</summary>
internal sealed class ApiOperations : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var said = context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().Single();
        operation.OperationId = said.Name;
        operation.Parameters =
        [
            .. NamesIn(context.Description.RelativePath!).Select(name => Parameter(name, context.Document)),
            .. said.Query.Select(Parameter),
        ];
        if (said.Request is { } request)
        {
            operation.RequestBody!.Content!.Values.Single().Example = JsonNode.Parse(request);
        }

        foreach (var (status, response) in operation.Responses!)
        {
            var refusals = said.AllRefusals.Where(refusal => $"{refusal.Status}" == status).ToList();
            Describe((OpenApiResponse)response, said, refusals);
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiResponse response, ApiOperation said, List<Refusal> refusals)
    {
        var content = response.Content!.Values.Single();
        if (refusals is [])
        {
            content.Example = JsonNode.Parse(said.Answer);
            return;
        }

        response.Description = string.Join(" ", refusals.Select(refusal => $"`{refusal.Code}`: {refusal.Detail}"));
        content.Examples = refusals.ToDictionary(refusal => refusal.Code, Example);
        content.Schema = new OpenApiSchema { AllOf = [content.Schema!, WithCodes(refusals)] };
        if (refusals.Exists(refusal => refusal.RetryAfter is not null))
        {
            response.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter };
        }
    }

    private static OpenApiHeader RetryAfter { get; } = new()
    {
        Description = "Seconds after which the same request may succeed.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
    };

    private static IOpenApiExample Example(Refusal refusal) =>
        new OpenApiExample
        {
            Summary = refusal.Detail,
            Value = JsonSerializer.SerializeToNode(
            refusal.ToProblem(), JsonSerializerOptions.Web)
        };

    private static OpenApiSchema WithCodes(IEnumerable<Refusal> refusals) => new()
    {
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. refusals.Select(
                refusal => JsonValue.Create(refusal.Code))]
            },
        },
    };

    private static IEnumerable<string> NamesIn(string path) =>
        path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'));

    private static OpenApiParameter Parameter(ApiParameter said) =>
        new() { Name = said.Name, In = ParameterLocation.Query, Description = said.Description, Schema = said.Schema };

    private static OpenApiParameter Parameter(string name, OpenApiDocument? document) => new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = $"The {name}, percent-encoded as one segment: a/b is a%2Fb. It {Identifier.Rule}.",
        Schema = new OpenApiSchemaReference("Identifier", document),
    };
}
