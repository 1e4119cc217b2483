using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Reads a body as JSON in UTF-8, or says in words what is wrong with it.</summary>
internal static class JsonBody
{
    /// <summary>The most bytes of a body, where nothing else is said: 64 KB.</summary>
    public const int LargestBody = 64 * 1024;

    /// <param name="request">The request.</param>
    /// <param name="type">What its body must be.</param>
    /// <param name="most">The most bytes of the body.</param>
    public static async Task<Result<T, Refusal>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, int most = LargestBody)
        where T : class
    {
        if (JsonMedia.Mistake(request.ContentType, request.Headers.ContentEncoding) is { } media)
        {
            return ApiRefusals.NotJson(media);
        }

        try
        {
            if (await ReadWholeAsync(request, most) is not { } body)
            {
                return ApiRefusals.BodyTooLarge(most);
            }

            return TryRead(body, type, out var value, out var mistake) ? value : ApiRefusals.BodyInvalid(mistake);
        }
        catch (BadHttpRequestException mistake) when (mistake.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ApiRefusals.BodyTooLarge(most);
        }
    }

    /// <summary>The same for a body that did not come over HTTP: what it says, or what is wrong with it, in words.</summary>
    public static bool TryRead<T>(
        ReadOnlySpan<byte> body, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? mistake)
        where T : class
    {
        value = null;
        mistake = null;
        if (!Utf8.IsValid(body))
        {
            mistake = "The body must be valid UTF-8.";
            return false;
        }

        try
        {
            value = JsonSerializer.Deserialize(WithoutByteOrderMark(body), type);
            mistake = value is null ? "The body must be a JSON object." : null;
        }
        catch (JsonException broken)
        {
            mistake = JsonMistake.Describe(broken);
        }

        return value is not null && mistake is null;
    }

    /// <returns>The body, or null if it is too large.</returns>
    /// <remarks>
    /// A body that is too large is read to its end all the same, up to the 30 MB at which Kestrel cuts off. If the connection closed while
    /// the client, or a proxy, was still sending, it would never see the refusal.
    /// </remarks>
    private static async Task<byte[]?> ReadWholeAsync(HttpRequest request, int most)
    {
        var isTooLarge = false;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            isTooLarge |= read.Buffer.Length > most;
            if (read.IsCompleted)
            {
                var body = isTooLarge ? null : read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(isTooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> body) =>
        body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
}
