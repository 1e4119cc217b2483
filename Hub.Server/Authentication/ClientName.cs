using System.Collections.Concurrent;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Authentication;

/// <summary>What a client calls itself.</summary>
internal static class ClientName
{
    /// <summary>The query parameter by which a client names itself, as in <c>realtimehub-js/0.1.0</c>.</summary>
    public const string Parameter = "client";

    /// <summary>The header by which stock clients name themselves, where they negotiate or are no browsers.</summary>
    public const string SignalRHeader = "X-SignalR-User-Agent";

    /// <summary>The most UTF-16 code units of what a client says of itself that are kept.</summary>
    public const int Longest = 128;

    private const int MostNames = 1_000;

    // Most clients are one of a few: what they say is kept once, and not with each connection.
    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    public static string? In(HttpRequest request)
    {
        var said = new[] { request.Query[Parameter], request.Headers[SignalRHeader], request.Headers[HeaderNames.UserAgent] }
            .Select(values => Clean(values.ToString())).FirstOrDefault(name => name.Length > 0);

        // To count them takes every lock of theirs: only for a name that is new.
        return said is null ? null
            : Names.TryGetValue(said, out var known) ? known
            : Names.Count < MostNames ? Names.GetOrAdd(said, said)
            : said;
    }

    // It is written into a line of a record, and read by people.
    private static string Clean(string said) =>
        new string([.. said.Where(character => !char.IsControl(character) && !char.IsSurrogate(character)).Take(Longest)]).Trim();
}
