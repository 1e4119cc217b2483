using System.Diagnostics.CodeAnalysis;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication.Binding;

/// <summary>The credential in the answer to a negotiate. It is valid only for the connection that it was made for.</summary>
internal readonly record struct Grant
{
    internal const string Prefix = "wsgrant";

    private readonly string _secret;

    private Grant(string secret)
    {
        _secret = secret;
        Hash = Secret.Hash(secret);
    }

    public string Hash { get; }

    public static Grant Create() => new(Secret.Create(Prefix));

    public static bool TryParse([NotNullWhen(true)] string? text, out Grant grant)
    {
        var isGrant = text is not null && Secret.IsWellFormed(Prefix, text);
        grant = isGrant ? new Grant(text!) : default;
        return isGrant;
    }

    /// <summary>The secret itself, for the answer to the client that negotiated.</summary>
    public string Reveal() => _secret;

    public override string ToString() => $"{Prefix}…#{Hash[..8]}";
}
