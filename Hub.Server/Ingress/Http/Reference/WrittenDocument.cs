using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>The OpenAPI document as bytes, written at the first request and kept.</summary>
/// <remarks>The framework would write it for each request, which costs more than anybody without a key may make the hub do.</remarks>
internal sealed class WrittenDocument(IServiceProvider services)
{
    /// <summary>Where it is found.</summary>
    public const string Path = "/openapi/v1.json";

    private const string Name = "v1";

    private readonly Lazy<Task<byte[]>> _bytes = new(() => WriteAsync(services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)));

    public async Task<IResult> AnswerAsync() => TypedResults.Bytes(await _bytes.Value, "application/json;charset=utf-8");

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
    {
        using var stream = new MemoryStream();
        await (await provider.GetOpenApiDocumentAsync()).SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }
}
