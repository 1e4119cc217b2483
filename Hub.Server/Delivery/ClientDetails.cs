using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Authentication;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Finds out what the directory is to know of a connection: from its token, and from what the client says of itself.</summary>
internal static class ClientDetails
{
    /// <summary>The query parameter by which a client names itself, as in <c>realtimehub-js/0.1.0</c>.</summary>
    public const string NameParameter = "client";

    /// <summary>The header by which stock clients name themselves, where they negotiate or are no browsers.</summary>
    public const string SignalRHeader = "X-SignalR-User-Agent";

    /// <summary>The most UTF-16 code units of what a client says of itself that are kept.</summary>
    public const int LongestName = 128;

    private const int MostNames = 1_000;

    // Most clients are one of a few: what they say is kept once, and not with each connection.
    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    public static ConnectionDetails Of(HubConnectionContext context, DateTimeOffset since)
    {
        var connection = new ConnectionDetails
        {
            Since = since,
            Transport = context.Features.Get<IHttpTransportFeature>()?.TransportType.ToString() ?? "",
            Client = context.GetHttpContext()?.Request is { } request ? NameIn(request) : null,
        };
        return Of(connection, context.User);
    }

    /// <summary>What is known of a connection, with what a token says of it.</summary>
    public static ConnectionDetails Of(ConnectionDetails connection, ClaimsPrincipal user)
    {
        var token = TokenTicket.IdentityOf(user);
        return connection with
        {
            Session = token?.FindFirst(SingleUseTokenDefaults.SessionClaimType)?.Value,
            Epoch = NumberIn(token, SingleUseTokenDefaults.EpochClaimType) ?? 0,
            Expires = NumberIn(token, SingleUseTokenDefaults.ExpiryClaimType) is { } end ? DateTimeOffset.FromUnixTimeSeconds(end) : null,
            Labels = [.. token?.FindAll(SingleUseTokenDefaults.LabelClaimType).Select(label => label.Value) ?? []],
        };
    }

    /// <summary>When a token was minted; null if it does not say, or has no labels.</summary>
    public static DateTimeOffset? MintedAt(ClaimsPrincipal user) =>
        NumberIn(TokenTicket.IdentityOf(user), SingleUseTokenDefaults.IssuedClaimType) is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static string? NameIn(HttpRequest request)
    {
        var said = new[] { request.Query[NameParameter], request.Headers[SignalRHeader], request.Headers[HeaderNames.UserAgent] }
            .Select(values => Clean(values.ToString())).FirstOrDefault(name => name.Length > 0);

        // To count them takes every lock of theirs: only for a name that is new.
        return said is null ? null
            : Names.TryGetValue(said, out var known) ? known
            : Names.Count < MostNames ? Names.GetOrAdd(said, said)
            : said;
    }

    // It is written into a line of a record, and read by people.
    private static string Clean(string said) =>
        new string([.. said.Where(character => !char.IsControl(character) && !char.IsSurrogate(character)).Take(LongestName)]).Trim();

    private static long? NumberIn(ClaimsIdentity? token, string type) =>
        long.TryParse(token?.FindFirst(type)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
