using System.Buffers;
using System.Text;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.Hosting;

/// <summary>Refuses a path that a proxy and the hub behind it may read differently.</summary>
/// <remarks>
/// Kestrel decodes the path and removes its dot segments before routing, so this looks at the raw path. Each of our paths has one spelling,
/// apart from upper and lower case, and only a name in it may be percent-encoded.
/// </remarks>
internal static class PathGuard
{
    /// <summary>
    /// The characters of a path (RFC 3986 section 3.3), without <c>;</c>, because some readers take what follows it for a parameter.
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

        // The part before the first slash is empty, and the segments of the path base do not count.
        var index = -1 - pathBase.Value.AsSpan().Count('/');
        var hasNames = false;
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            var mistake = hasNames && IsName(index) ? MistakeInName(segment)
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

    /// <summary>In <c>/api/groups/{group}/users/{user}</c> and similar paths every other segment is a name.</summary>
    private static bool IsName(int index) => index > 0 && index % 2 == 0;

    private static string? MistakeInSegment(ReadOnlySpan<char> segment) =>
        segment.Contains('%') ? "Only a name, such as that of a user or a group, may be percent-encoded."
        : IsDots(segment) ? DotSegment
        : null;

    /// <remarks>Also finds what a proxy would see that decodes the slash, or decodes twice.</remarks>
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
