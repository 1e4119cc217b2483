using System.Globalization;

namespace RealtimeHub.Routing;

/// <summary>How far those who are connected have been listed: at which node, and how far there.</summary>
/// <param name="Node">The id of the node. One that has died is followed by the next that lives.</param>
/// <param name="Scan">The cursor of Redis's <c>HSCAN</c>.</param>
internal readonly record struct DirectoryPlace(string Node, ulong Scan)
{
    /// <summary>Before the first node.</summary>
    public static DirectoryPlace First { get; } = new("", 0);

    /// <exception cref="FormatException">It is not what <see cref="ToString"/> writes.</exception>
    public static DirectoryPlace Parse(string text)
    {
        var dot = text.LastIndexOf('.');
        return dot > 0 && ulong.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var scan)
            ? new DirectoryPlace(text[..dot], scan)
            : throw new FormatException("No page has ended with such a cursor.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node}.{Scan}");
}
