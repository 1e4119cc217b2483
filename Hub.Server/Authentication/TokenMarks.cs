using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;

namespace RealtimeHub.Authentication;

/// <summary>The mark of each mapping that one requirement covers: a group may have many. The endpoints of a hub are one mapping.</summary>
internal sealed class TokenMarks
{
    private const string NegotiateSegment = "/negotiate";

    private readonly ConcurrentDictionary<string, SingleUseTokenMetadata> _marks = new(StringComparer.OrdinalIgnoreCase);

    public SingleUseTokenMetadata Of(EndpointBuilder endpoint) => _marks.GetOrAdd(MappingOf(endpoint), _ => new SingleUseTokenMetadata());

    private static string MappingOf(EndpointBuilder endpoint)
    {
        var pattern = "/" + ((endpoint as RouteEndpointBuilder)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "").Trim('/');
        var behind = endpoint.Metadata.OfType<NegotiateMetadata>().Any() ? NegotiateSegment
            : endpoint.Metadata.OfType<RefreshMetadata>().Any() ? RefreshMetadata.Segment
            : "";
        return (pattern.EndsWith(behind, StringComparison.OrdinalIgnoreCase) ? pattern[..^behind.Length] : pattern).Trim('/');
    }
}
