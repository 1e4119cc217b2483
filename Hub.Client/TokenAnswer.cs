namespace RealtimeHub.Client;

/// <summary>The answer of a token endpoint.</summary>
internal sealed record TokenAnswer(string? Token, IReadOnlyDictionary<string, string>? Cursors)
{
    public AccessToken? AsToken() =>
        Token is null ? null
        : Cursors is null ? new AccessToken(Token)
        : new AccessToken(Token) { Cursors = Cursors };
}
