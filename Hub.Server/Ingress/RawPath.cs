using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Ingress;

/// <summary>Reads names from the path as it came over the wire.</summary>
internal static class RawPath
{
    /// <summary>The last segment but <paramref name="fromEnd"/>, percent-decoded once.</summary>
    /// <remarks>
    /// Routing decodes everything but <c>%2F</c>, so its value cannot tell the user <c>a/b</c> from the user <c>a%2Fb</c>.
    /// </remarks>
    public static string Segment(HttpContext context, int fromEnd)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var segments = target.Split('?')[0].TrimEnd('/').Split('/');
        return segments.Length > fromEnd ? Uri.UnescapeDataString(segments[^(fromEnd + 1)]) : "";
    }
}
