using System.Text.Json;

namespace RealtimeHub.CommandLine;

/// <summary>Shows a value of the API to people.</summary>
internal static class ShownJson
{
    /// <summary>A member as text, without what would end a line or a column; a dash if it is not there.</summary>
    public static string TextOf(this JsonElement json, string name) => json.TryGetProperty(name, out var member)
        ? string.Concat(member.ToString().Select(character => char.IsControl(character) ? ' ' : character))
        : "-";
}
