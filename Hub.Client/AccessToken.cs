using System.Collections.Immutable;

namespace RealtimeHub.Client;

/// <summary>What a <see cref="TokenSource"/> brings: the secret that opens one connection, which no text of this object shows.</summary>
/// <param name="value">The token itself, such as <c>wstoken…</c>.</param>
public sealed class AccessToken(string value)
{
    /// <summary>
    /// The user's cursors when the token was minted. The client begins at them where it has none yet, so that it misses nothing
    /// of what is published between then and its connecting.
    /// </summary>
    public IReadOnlyDictionary<string, string> Cursors { get; init; } = ImmutableDictionary<string, string>.Empty;

    internal string Value { get; } = value;

    /// <summary>A token without cursors.</summary>
    public static implicit operator AccessToken(string value) => new(value);

    /// <summary>Says nothing.</summary>
    public override string ToString() => "[redacted]";
}
