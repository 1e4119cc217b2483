using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.OpenApi;
using RealtimeHub.Ingress.Http.Reference;

namespace RealtimeHub.Ingress.Http;

/// <summary>Until when something is to last: <c>?until=2027-01-31T12:00:00Z</c>.</summary>
internal static class UntilQuery
{
    public const string Rule = "until must be a time to come with its offset, such as 2027-01-31T12:00:00Z.";

    private const string Name = "until";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>For the reference.</summary>
    public static IReadOnlyList<ApiParameter> Parameters { get; } =
    [
        new(Name, "Until when. Without it: until the user is taken out.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }),
    ];

    /// <summary>Reads it (RFC 3339), or says what is wrong.</summary>
    public static bool TryRead(HttpRequest request, DateTimeOffset now, out DateTimeOffset? until, [NotNullWhen(false)] out string? mistake)
    {
        (until, mistake) = (null, null);
        var said = request.Query[Name];
        if (said.Count == 0)
        {
            return true;
        }

        if (said is not [{ } text] || !TryParse(text, out var time) || time <= now)
        {
            mistake = Rule;
            return false;
        }

        until = time;
        return true;
    }

    private static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
