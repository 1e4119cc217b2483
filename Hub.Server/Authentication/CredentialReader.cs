using Microsoft.Extensions.Primitives;

namespace RealtimeHub.Authentication;

/// <summary>Finds the credential's text in a request: in the Authorization header, a WebSocket subprotocol or the query, in this order.</summary>
internal static class CredentialReader
{
    private const string Bearer = "Bearer ";
    private const string SeedParameter = "ws_token";

    /// <summary>The text, or null if the request shows none. Two of a kind are no credential but a malformed one: the empty text.</summary>
    public static string? Read(HttpRequest request, SingleUseTokenOptions options) =>
        FromAuthorization(request.Headers.Authorization)
        ?? FromSubprotocols(request.Headers.SecWebSocketProtocol)
        ?? Single(request.Query[options.QueryParameter])
        ?? (options.AcceptSeedFormat ? Single(request.Query[SeedParameter]) : null);

    private static string? FromAuthorization(StringValues header) => Single(header) switch
    {
        "" => "",
        { } value when value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) => value[Bearer.Length..].Trim(),
        _ => null,
    };

    private static string? FromSubprotocols(StringValues header)
    {
        if (header.Count == 0)
        {
            return null;
        }

        string[] offered = [.. header.SelectMany(line => line!.Split(',', StringSplitOptions.TrimEntries))];
        return offered is [SingleUseTokenDefaults.Subprotocol, var credential] ? credential : null;
    }

    private static string? Single(StringValues values) => values.Count switch
    {
        0 => null,
        1 => values[0],
        _ => "",
    };
}
