using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Reads a request's body as JSON in UTF-8, and says in words what is wrong with it.</summary>
internal static class JsonBody
{
    /// <summary>The most bytes of a body, where nothing else is said: 64 KB.</summary>
    public const int LargestBody = 64 * 1024;

    public static async Task<(T? Value, Refusal? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiRefusals.NotJson);
        }

        try
        {
            var (value, mistake) = Read(await ReadWholeAsync(request), type);
            return mistake is null ? (value, null) : (null, ApiRefusals.BodyInvalid(mistake));
        }
        catch (BadHttpRequestException mistake) when (mistake.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ApiRefusals.BodyTooLarge(MostOf(request)));
        }
    }

    /// <summary>The same for a body that did not come over HTTP: what it says, or what is wrong with it, in words.</summary>
    public static (T? Value, string? Mistake) Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(WithoutByteOrderMark(body), type) is { } value ? (value, null) : (null, "The body must be a JSON object.");
        }
        catch (JsonException mistake)
        {
            return (null, JsonMistake.Describe(mistake));
        }
    }

    // First all of it, so that a body that is too large is told so, whatever else is wrong with its beginning.
    private static async Task<byte[]> ReadWholeAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> body) =>
        body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;

    private static long MostOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? LargestBody;
}
