using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace RealtimeHub.Authentication;

/// <summary>
/// A page's origin, as a browser writes it in the Origin header: a scheme, a host, sometimes a port, and nothing else (RFC 6454 section
/// 6.2).
/// </summary>
/// <param name="Scheme">In lower case: <c>https</c>, or that of an app or a browser extension, such as <c>capacitor</c>.</param>
/// <param name="Host">As the browser writes it: a name in ASCII, an address, or the name that an app's scheme gives its pages. Empty
/// for <c>file</c> only.</param>
/// <param name="Port">Absent if it is the scheme's own.</param>
internal readonly partial record struct WebOrigin(string Scheme, string Host, int? Port)
{
    /// <summary>What browsers send for a page with an opaque origin: a sandboxed frame, a file, a redirected request.</summary>
    public const string Opaque = "null";

    /// <summary>Whether a web server served the page, and not an app or an extension.</summary>
    public bool IsOfWeb => Scheme is "http" or "https";

    private int DefaultPort => Scheme == "https" ? 443 : 80;

    /// <summary>Reads an origin: no user, path, query or wildcard. The text <c>null</c> is not an origin here.</summary>
    public static bool TryParse(string text, out WebOrigin origin)
    {
        var match = Grammar().Match(text);
        int? port = match.Groups["port"] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : null;
        origin = new WebOrigin(match.Groups["scheme"].Value, match.Groups["host"].Value, port);
        return match.Success && port is null or <= ushort.MaxValue
            && (origin.IsOfWeb ? origin.IsAsBrowsersWriteWeb() : origin.Host.Length > 0 || origin.Scheme == "file");
    }

    /// <summary>The origin of this address, as a browser would write it, or null if no page can have the address.</summary>
    public static string? Suggest(string address) =>
        Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? OfWeb(uri)
        : Beginning().Match(address) is { Success: true } match ? $"{match.Groups["scheme"].Value.ToLowerInvariant()}://{match.Groups["host"].Value}"
        : null;

    /// <summary>Whether the page comes from the host that the request names.</summary>
    /// <remarks>The scheme is not compared, since TLS may end at a proxy.</remarks>
    public bool Is(HostString host) =>
        IsOfWeb && Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase) && (Port ?? DefaultPort) == (host.Port ?? DefaultPort);

    private bool IsAsBrowsersWriteWeb() => Port != DefaultPort && Host.Length > 0 && !Host.AsSpan().ContainsAnyInRange('A', 'Z')
        && !Host.Contains('%', StringComparison.Ordinal);

    private static string OfWeb(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? OfIPv6(IPAddress.Parse(uri.DnsSafeHost)) : uri.IdnHost.ToLowerInvariant();
        return $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
    }

    /// <remarks>.NET may write the last part of an IPv6 address as IPv4; browsers write all of it in hex.</remarks>
    private static string OfIPv6(IPAddress address)
    {
        var text = new IPAddress(address.GetAddressBytes()).ToString();
        var bytes = address.GetAddressBytes();
        return text.Contains('.', StringComparison.Ordinal)
            ? $"[{text[..(text.LastIndexOf(':') + 1)]}{(bytes[12] << 8) | bytes[13]:x}:{(bytes[14] << 8) | bytes[15]:x}]"
            : $"[{text}]";
    }

    // The characters that the URL standard forbids in a host, and the wildcard, which people try.
    [GeneratedRegex(@"^(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>\[[0-9a-f:.]+\]|[!-~-[#*/:<>?@\[\\\]^|]]*)(?::(?<port>0|[1-9][0-9]{0,4}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"^\s*(?<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?:[^/?#@]*@)?(?<host>[!-~-[#*/<>?@\[\\\]^|]]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Beginning();
}
