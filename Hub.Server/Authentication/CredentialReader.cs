
namespace RealtimeHub.Authentication;

/// <summary>
/// Finds the credential of a request, which must stand in exactly one place: the Authorization header, a WebSocket subprotocol or the
/// query.
/// </summary>
internal static class CredentialReader
{
    private const string Bearer = "Bearer";
    private const string SeedParameter = "ws_token";

    public static ShownCredentials Read(RequestParameters words, SingleUseTokenOptions options)
    {
        string?[] places =
        [
            FromAuthorization(words), FromSubprotocols(words),
            words.Parameter(options.QueryParameter), IsSeedParameterRead(options) ? words.Parameter(SeedParameter) : null,
        ];
        return places.OfType<string>().ToList() switch
        {
            [] => default,
            [var text] => new ShownCredentials(Any: true, Credential.Parse(text, options.AcceptSeedFormat)),
            [var first, var second] =>
                OfTwo(words, Credential.Parse(first, options.AcceptSeedFormat), Credential.Parse(second, options.AcceptSeedFormat)),
            _ => AmbiguousCredentials(words),
        };
    }

    private static bool IsSeedParameterRead(SingleUseTokenOptions options) =>
        options.AcceptSeedFormat && !SeedParameter.Equals(options.QueryParameter, StringComparison.OrdinalIgnoreCase);

    /// <remarks>
    /// One pair is allowed: if an application gives SignalR's client an address with a token in it, the client keeps that address and adds
    /// the grant that it got from the negotiate. Then the grant counts. Any other two credentials are ambiguous (RFC 6750 section 2).
    /// </remarks>
    private static ShownCredentials OfTwo(RequestParameters words, Credential? first, Credential? second) => (first, second) switch
    {
        ({ Grant: not null }, { Token: { } token }) => new ShownCredentials(Any: true, first, token),
        ({ Token: { } token }, { Grant: not null }) => new ShownCredentials(Any: true, second, token),
        _ => AmbiguousCredentials(words),
    };

    private static ShownCredentials AmbiguousCredentials(RequestParameters words)
    {
        words.Ambiguous("The request shows more than one credential.");
        return default;
    }

    /// <remarks>Other schemes are ignored: a site behind a password sends Basic with every request.</remarks>
    private static string? FromAuthorization(RequestParameters words)
    {
        if (words.Header("Authorization") is not { } header || !IsBearer(header))
        {
            return null;
        }

        var credential = header[Bearer.Length..].Trim(' ');
        return credential.Length == 0 ? words.Ambiguous("The header Authorization names no credential.")
            : credential.Contains(',', StringComparison.Ordinal) ? words.Ambiguous("The header Authorization names more than one credential.")
            : credential;
    }

    private static bool IsBearer(string header) =>
        header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && (header.Length == Bearer.Length || header[Bearer.Length] == ' ');

    private static string? FromSubprotocols(RequestParameters words) => words.Header("Sec-WebSocket-Protocol")?.Split(',', StringSplitOptions.TrimEntries) switch
    {
        null => null,
        [SingleUseTokenDefaults.Subprotocol, { Length: > 0 } credential] => credential,
        var offered => offered.Any(IsOurs) ? words.Ambiguous($"The header Sec-WebSocket-Protocol must be {SingleUseTokenDefaults.Subprotocol} and one credential.") : null,
    };

    private static bool IsOurs(string subprotocol) =>
        subprotocol.Equals(SingleUseTokenDefaults.Subprotocol, StringComparison.OrdinalIgnoreCase) || Credential.IsLike(subprotocol);
}
