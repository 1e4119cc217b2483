namespace RealtimeHub.Routing;

/// <summary>
/// The tag <c>kind</c> of a measurement: to which kind of address it belongs. Which address, no measurement and no span tells.
/// </summary>
internal static class KindTag
{
    public static readonly KeyValuePair<string, object?> User = Of("user");
    public static readonly KeyValuePair<string, object?> Group = Of("group");
    public static readonly KeyValuePair<string, object?> Everyone = Of("everyone");

    public static KeyValuePair<string, object?> Of(Address address) => address.IsUser ? User : address.IsGroup ? Group : Everyone;

    public static string NameOf(Address address) => (string)Of(address).Value!;

    private static KeyValuePair<string, object?> Of(string kind) => new("kind", kind);
}
