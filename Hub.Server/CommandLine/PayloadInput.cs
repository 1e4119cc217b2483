using System.Text.Json;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.CommandLine;

/// <summary>Reads a payload from the command line or from standard input.</summary>
internal static class PayloadInput
{
    private const string FromInput = "-";

    /// <summary>The most bytes that are read: the largest payload, with room for white space around it.</summary>
    private const int MostBytes = 2 * PayloadRule.MostBytes;

    /// <summary>No limit for nesting here, so that the rule for payloads can say what is wrong.</summary>
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    public static async Task<Result<JsonElement, Outcome>> ReadAsync(string? given)
    {
        if (given is not null and not FromInput)
        {
            return Parse(() => JsonElement.Parse(given, AnyDepth));
        }

        if (given is null && !Console.IsInputRedirected)
        {
            return default(JsonElement);
        }

        var buffer = new byte[MostBytes];
        await using var input = Console.OpenStandardInput();
        var length = await input.ReadAtLeastAsync(buffer, MostBytes, throwOnEndOfStream: false);

        // Many jobs run with an empty standard input.
        return length == 0 && given is null ? default(JsonElement)
            : length == MostBytes ? Outcome.Refused(PayloadRule.Size)
            : Parse(() => JsonElement.Parse(buffer.AsSpan(0, length), AnyDepth));
    }

    private static Result<JsonElement, Outcome> Parse(Func<JsonElement> parse)
    {
        try
        {
            return parse();
        }
        catch (JsonException mistake)
        {
            var what = mistake.Message.Split(" LineNumber:")[0];
            return Outcome.WrongUsage($$"""
                The payload is no JSON: {{what}} (line {{mistake.LineNumber + 1}}, byte {{mistake.BytePositionInLine + 1}})
                Quote it for the shell: --payload '{"id":7}', a text --payload '"hello"'. Or pipe it in: --payload - < file.json
                """);
        }
    }
}
