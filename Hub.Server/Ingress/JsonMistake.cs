using System.Text.Json;

namespace RealtimeHub.Ingress;

/// <summary>Says for a backend, whatever it is written in, what the serializer says for .NET.</summary>
internal static class JsonMistake
{
    // The only thing in valid JSON that the reader cannot make text of.
    private const string HalfAPair = "half a surrogate pair, such as \\ud83d by itself, is no character.";

    private const string Missing = "was missing required properties including: ";

    public static string Describe(JsonException mistake) =>
        $"At {mistake.Path ?? "$"}: {(mistake.InnerException?.Message.Contains("UTF-16", StringComparison.Ordinal) == true ? HalfAPair : Sentence(mistake.Message))}";

    // The serializer puts the path last, behind positions that nobody asked for, and leaves it out where a converter has spoken.
    private static string Sentence(string message) =>
        message.Contains("does not contain any JSON tokens", StringComparison.Ordinal) ? "there is no body. Send a JSON object."
        : message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "there is no such field."
        : message.StartsWith("Duplicate property", StringComparison.Ordinal) ? "the field is there twice."
        : message.Contains("null values", StringComparison.Ordinal) ? "the field must not be null."
        : message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "the JSON value has the wrong type."
        : message.Split(Missing) is [_, var names] ? $"a field is missing: {names.Replace("'", "", StringComparison.Ordinal)}"
        : message.Split(" Path:")[0];
}
