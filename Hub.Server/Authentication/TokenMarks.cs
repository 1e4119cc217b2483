using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;

namespace RealtimeHub.Authentication;

/// <summary>The mark of each mapping that one requirement covers: a group may have many. A hub's two endpoints are one mapping.</summary>
internal sealed class TokenMarks
{
    private const string NegotiateSegment = "negotiate";

    private readonly ConcurrentDictionary<string, SingleUseTokenMetadata> _marks = new(StringComparer.OrdinalIgnoreCase);

    public SingleUseTokenMetadata Of(EndpointBuilder endpoint) => _marks.GetOrAdd(MappingOf(endpoint), _ => new SingleUseTokenMetadata());

    private static string MappingOf(EndpointBuilder endpoint)
    {
        var pattern = ((endpoint as RouteEndpointBuilder)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "").Trim('/');
        return endpoint.Metadata.OfType<NegotiateMetadata>().Any() && pattern.EndsWith(NegotiateSegment, StringComparison.OrdinalIgnoreCase)
            ? pattern[..^NegotiateSegment.Length].TrimEnd('/')
            : pattern;
    }
}
