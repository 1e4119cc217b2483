using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>The OpenAPI document as bytes, written at the first request and kept.</summary>
/// <remarks>The framework would write it again for each request. That is expensive, and no key is needed to ask for it.</remarks>
internal sealed class WrittenDocument(IServiceProvider services)
{
    /// <summary>Where it is found.</summary>
    public const string Path = "/openapi/v1.json";

    private const string Name = "v1";

    private Lazy<Task<byte[]>> _bytes = BeginWith(services);

    /// <remarks>A failure is not kept: on a busy machine the framework may give up, and then the next request tries again.</remarks>
    public async Task<IResult> AnswerAsync()
    {
        var bytes = Volatile.Read(ref _bytes);
        try
        {
            return TypedResults.Bytes(await bytes.Value, "application/json;charset=utf-8");
        }
        catch
        {
            Interlocked.CompareExchange(ref _bytes, BeginWith(services), bytes);
            throw;
        }
    }

    private static Lazy<Task<byte[]>> BeginWith(IServiceProvider services) =>
        new(() => WriteAsync(services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)));

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
    {
        using var stream = new MemoryStream();
        await (await provider.GetOpenApiDocumentAsync()).SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }
}
