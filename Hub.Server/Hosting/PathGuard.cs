using System.Buffers;
using System.Text;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.Hosting;

/// <summary>Refuses a path that a proxy in front and the hub behind it may read differently.</summary>
/// <remarks>
/// Kestrel removes dot segments and decodes before it routes, so only the raw path shows them. Each path of ours has one spelling,
/// except for upper and lower case; only a name may be percent-encoded.
/// </remarks>
internal static class PathGuard
{
    /// <summary>In <c>/api/users/{user}</c> and its like the name is the third segment.</summary>
    private const int NameIndex = 2;

    /// <summary>
    /// What a path may be written with (RFC 3986 section 3.3), but for <c>;</c>, behind which some readers see a parameter.
    /// </summary>
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("/%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@");

    private const string DotSegment = "It has a segment . or .., perhaps encoded. A user or a group of that name is reached by POST /api/messages.";

    public static IApplicationBuilder UsePathGuard(this IApplicationBuilder app) => app.Use((context, next) =>
        Mistake(RawPath.Of(context), context.Request.PathBase) is { } mistake
            ? ApiRefusals.PathInvalid(mistake).ExecuteAsync(context)
            : next(context));

    private static string? Mistake(ReadOnlySpan<char> path, PathString pathBase)
    {
        if (path.ContainsAnyExcept(Characters))
        {
            return "It has a character that must be percent-encoded, such as ; (%3B) or a space (%20).";
        }

        // Nothing stands before the first slash, and the segments of the path base are not counted.
        var index = -1 - pathBase.Value.AsSpan().Count('/');
        var hasNames = false;
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            var mistake = index == NameIndex && hasNames ? MistakeInName(segment)
                : range.Start.Value == 0 || range.End.Value == path.Length ? MistakeInSegment(segment)
                : segment.IsEmpty ? "It has an empty segment."
                : MistakeInSegment(segment);
            if (mistake is not null)
            {
                return mistake;
            }

            hasNames |= index == 0
                && (segment.Equals("api", StringComparison.OrdinalIgnoreCase) || segment.Equals("demo", StringComparison.OrdinalIgnoreCase));
            index++;
        }

        return null;
    }

    private static string? MistakeInSegment(ReadOnlySpan<char> segment) =>
        segment.Contains('%') ? "Only the name of a user or a group may be percent-encoded."
        : IsDots(segment) ? DotSegment
        : null;

    /// <remarks>Read like a proxy that also decodes the slash, or decodes twice.</remarks>
    private static string? MistakeInName(ReadOnlySpan<char> name)
    {
        if (!name.ContainsAny('%', '.'))
        {
            return null;
        }

        if (PercentEncoding.Bytes(name) is not { } bytes)
        {
            return "A percent sign stands for itself as %25, and otherwise before two hex digits.";
        }

        var once = Encoding.Latin1.GetString(bytes);
        return HasDots(once) || (PercentEncoding.Bytes(once) is { } twice && HasDots(Encoding.Latin1.GetString(twice))) ? DotSegment : null;
    }

    private static bool HasDots(string decoded) => decoded.Split('/', '\\').Any(segment => IsDots(segment.Split(';')[0]));

    private static bool IsDots(ReadOnlySpan<char> segment) => segment is "." or "..";
}
