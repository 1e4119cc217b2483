using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Ingress;

/// <summary>Whether a body is declared as JSON in UTF-8, and not compressed. HTTP and RabbitMQ share the rule.</summary>
internal static class JsonMedia
{
    /// <summary>What is wrong with the type or the coding, in words for the backend, or null.</summary>
    public static string? Mistake(string? contentType, StringValues contentEncoding) =>
        !MediaTypeHeaderValue.TryParse(contentType, out var type) || !IsJson(type) ? "Send Content-Type: application/json."
        : !IsUtf8(type) ? $"The body must be in UTF-8, which JSON always is: send Content-Type: {type.MediaType}, without a charset."
        : !contentEncoding.All(IsPlain) ? "Send the body as it is, without Content-Encoding: it is not decompressed here."
        : null;

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static bool IsPlain(string? coding) => string.IsNullOrEmpty(coding) || coding.Equals("identity", StringComparison.OrdinalIgnoreCase);
}
