using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Reads a request's body as JSON, and says in words what is wrong with it.</summary>
internal static class JsonBody
{
    /// <summary>The most bytes of a body: 64 KB.</summary>
    public const int LargestBody = 64 * 1024;

    private const string NoObject = "The body must be a JSON object.";

    public static async Task<(T? Value, Refusal? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiRefusals.NotJson);
        }

        try
        {
            await ReadWholeAsync(request);
            var value = await request.ReadFromJsonAsync(type, request.HttpContext.RequestAborted);
            return value is null ? (null, ApiRefusals.BodyInvalid(NoObject)) : (value, null);
        }
        catch (JsonException mistake)
        {
            return (null, ApiRefusals.BodyInvalid(Describe(mistake)));
        }
        catch (BadHttpRequestException mistake) when (mistake.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, ApiRefusals.BodyTooLarge);
        }
    }

    /// <summary>The same for a body that did not come over HTTP: what it says, or what is wrong with it, in words.</summary>
    public static (T? Value, string? Mistake) Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (body.Length > LargestBody)
        {
            return (null, ApiRefusals.BodyTooLarge.Detail);
        }

        try
        {
            return JsonSerializer.Deserialize(body, type) is { } value ? (value, null) : (null, NoObject);
        }
        catch (JsonException mistake)
        {
            return (null, Describe(mistake));
        }
    }

    // First all of it, so that a body that is too large is told so, whatever else is wrong with its beginning.
    private static async Task ReadWholeAsync(HttpRequest request)
    {
        request.EnableBuffering(LargestBody);
        await request.Body.DrainAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
    }

    // The serializer puts the path last, behind positions that nobody asked for, and leaves it out where a converter has spoken.
    private static string Describe(JsonException mistake) => $"At {mistake.Path ?? "$"}: {mistake.Message.Split(" Path:")[0]}";
}
