using System.Text.Json.Serialization;
using RealtimeHub.Operations;

namespace RealtimeHub.Routing;

/// <summary>Where a message goes: <c>user:alice</c>, <c>group:room1</c> or <c>everyone</c>.</summary>
[JsonConverter(typeof(AddressConverter))]
public readonly record struct Address
{
    private const string UserPrefix = "user:";
    private const string GroupPrefix = "group:";

    private readonly string? _text;

    private Address(string text) => _text = text;

    /// <summary>The most UTF-16 code units that the name of a user or a group has: 256.</summary>
    public const int MaxNameLength = Identifier.MaxLength;

    /// <summary>Every connection.</summary>
    public static Address Everyone { get; } = new("everyone");

    /// <summary>All connections of a user.</summary>
    /// <exception cref="ArgumentException">It is no name: see <see cref="IsName"/>.</exception>
    public static Address User(string user) => new(UserPrefix + Checked(user, nameof(user)));

    /// <summary>All connections in a group.</summary>
    /// <exception cref="ArgumentException">It is no name: see <see cref="IsName"/>.</exception>
    public static Address Group(string group) => new(GroupPrefix + Checked(group, nameof(group)));

    /// <summary>
    /// Whether the text may name a user or a group: 1 to <see cref="MaxNameLength"/> UTF-16 code units, no control characters, no lone
    /// surrogates. Names are compared ordinally: <c>alice</c> is not <c>Alice</c>.
    /// </summary>
    public static bool IsName(ReadOnlySpan<char> text) => Identifier.IsValid(text);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out Address address)
    {
        var isAddress = text == Everyone._text || HasName(text, UserPrefix) || HasName(text, GroupPrefix);
        address = isAddress ? new Address(text!) : default;
        return isAddress;
    }

    /// <summary>The address as it stands in messages, logs and URLs.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>The name of the user or the group; empty for everyone.</summary>
    internal string Name => Match(user => user, group => group, () => "");

    internal bool IsUser => Text.StartsWith(UserPrefix, StringComparison.Ordinal);

    internal bool IsGroup => Text.StartsWith(GroupPrefix, StringComparison.Ordinal);

    private string Text => _text ?? throw new InvalidOperationException("This is no address: it was never given a user or a group.");

    /// <summary>Splits the address by its kind, exactly one of the three.</summary>
    internal T Match<T>(Func<string, T> user, Func<string, T> group, Func<T> everyone) =>
        IsUser ? user(Text[UserPrefix.Length..])
        : IsGroup ? group(Text[GroupPrefix.Length..])
        : everyone();

    private static bool HasName(string? text, string prefix) =>
        text is not null && text.StartsWith(prefix, StringComparison.Ordinal) && Identifier.IsValid(text.AsSpan(prefix.Length));

    private static string Checked(string name, string parameter) =>
        Identifier.IsValid(name) ? name : throw new ArgumentException($"The name {Identifier.Rule}.", parameter);
}
