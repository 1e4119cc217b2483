using Microsoft.AspNetCore.Http.Features;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary>The path of a request as it came over the wire, neither decoded nor normalised.</summary>
internal static class RawPath
{
    /// <summary>Everything from the first slash to the query; <c>*</c> and the like as they are.</summary>
    public static string Of(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? target[..query] : target;

        // The absolute form, which a server must take as well (RFC 9112 section 3.2.2).
        return path.StartsWith('/') || path.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var scheme) ? path
            : path.IndexOf('/', scheme + "://".Length) is > 0 and var slash ? path[slash..]
            : "/";
    }

    /// <summary>The name of a user or a group in the path, or why it is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="what">What is named.</param>
    /// <param name="fromEnd">How many segments come behind it.</param>
    /// <param name="name">The name, decoded.</param>
    public static Refusal? Name(HttpContext context, string what, int fromEnd, out string name)
    {
        var segment = Segment(context, fromEnd);
        name = segment ?? "";
        return segment is null ? ApiRefusals.NameNotUtf8(what) : Identifier.IsValid(segment) ? null : ApiRefusals.NameInvalid(what);
    }

    /// <summary>The segment <paramref name="fromEnd"/> places before the last, percent-decoded once, or null if it is not UTF-8.</summary>
    /// <remarks>
    /// Routing decodes everything but <c>%2F</c>, so in its value the users <c>a/b</c> and <c>a%2Fb</c> look the same. It also leaves
    /// escapes that are not UTF-8 as they stand, which would be the name of another user.
    /// </remarks>
    private static string? Segment(HttpContext context, int fromEnd)
    {
        var segments = Of(context).TrimEnd('/').Split('/');
        return segments.Length > fromEnd ? PercentEncoding.Decode(segments[^(fromEnd + 1)]) : "";
    }
}
