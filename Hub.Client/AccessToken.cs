using System.Collections.Immutable;

namespace RealtimeHub.Client;

/// <summary>
/// The result of a <see cref="TokenSource"/>: the secret that opens one connection. <see cref="ToString"/> does not show it.
/// </summary>
/// <param name="value">The token itself, such as <c>wstoken…</c>.</param>
public sealed class AccessToken(string value)
{
    /// <summary>
    /// The user's cursors when the token was minted. Where the client has no cursor yet it begins at these, so that it misses nothing that
    /// is published between the minting and the connecting.
    /// </summary>
    public IReadOnlyDictionary<string, string> Cursors { get; init; } = ImmutableDictionary<string, string>.Empty;

    internal string Value { get; } = value;

    /// <summary>A token without cursors.</summary>
    public static implicit operator AccessToken(string value) => new(value);

    /// <summary>A text without the token.</summary>
    public override string ToString() => "[redacted]";
}
