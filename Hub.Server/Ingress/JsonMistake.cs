using System.Text.Json;

namespace RealtimeHub.Ingress;

/// <summary>Translates what the serializer says about .NET types into words for backends in any language.</summary>
internal static class JsonMistake
{
    // The only valid JSON that the reader cannot turn into text.
    private const string HalfAPair = "half a surrogate pair, such as \\ud83d by itself, is no character.";

    private const string Missing = "was missing required properties including: ";

    public static string Describe(JsonException mistake) =>
        $"At {mistake.Path ?? "$"}: {(mistake.InnerException?.Message.Contains("UTF-16", StringComparison.Ordinal) == true ? HalfAPair : Sentence(mistake.Message))}";

    // The serializer writes the path last, after a line and a position, and leaves it out when a converter has thrown.
    private static string Sentence(string message) =>
        message.Contains("does not contain any JSON tokens", StringComparison.Ordinal) ? "there is no body. Send a JSON object."
        : message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "there is no such field."
        : message.StartsWith("Duplicate property", StringComparison.Ordinal) ? "the field is there twice."
        : message.Contains("null values", StringComparison.Ordinal) ? "the field must not be null."
        : message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "the JSON value has the wrong type."
        : message.Split(Missing) is [_, var names] ? $"a field is missing: {names.Replace("'", "", StringComparison.Ordinal)}"
        : message.Split(" Path:")[0];
}
