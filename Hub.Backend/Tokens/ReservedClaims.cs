using System.Security.Claims;

namespace RealtimeHub.Tokens;

/// <summary>
/// The claim types that mean something to the hub. A record says them in fields of their own, so that each is said in one place only.
/// </summary>
internal static class ReservedClaims
{
    public const string Group = "hub:group";

    public const string Label = "hub:label";

    /// <summary>The epoch of which the token is.</summary>
    public const string Epoch = "hub:epoch";

    /// <summary>When the token was minted, in milliseconds since 1970.</summary>
    public const string Issued = "hub:issued";

    /// <summary>Each pattern of names of groups that the client may join by itself.</summary>
    public const string MayJoin = "hub:may-join";

    public const string Session = "sid";

    public const string Expiry = "exp";

    private const string Prefix = "hub:";

    // Claims are looked up without regard to case.
    private static readonly Dictionary<string, string> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        [ClaimTypes.NameIdentifier] = "sub",
        [ClaimTypes.Name] = "name",
        [ClaimTypes.Role] = "roles",
        [Session] = "sid",
        [Group] = "groups",
        [Label] = "labels",
        [MayJoin] = "mayJoin",
        [Expiry] = "exp",
    };

    /// <summary>What is wrong with these claims, or null if nothing is.</summary>
    public static string? MistakeIn(IEnumerable<string> types) => types.Select(MistakeIn).FirstOrDefault(mistake => mistake is not null);

    private static string? MistakeIn(string type) =>
        Fields.TryGetValue(type, out var field) ? $"claims must not say what {field} says: leave out {type}"
        : type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? $"claims must not begin with {Prefix}, which is the hub's own"
        : null;
}
