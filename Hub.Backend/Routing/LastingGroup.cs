using System.Globalization;
using System.Text;

namespace RealtimeHub.Routing;

/// <summary>A group that a user is in by whatever connection he comes.</summary>
/// <param name="Group">The group.</param>
/// <param name="Until">Until when; null: until he is taken out.</param>
internal readonly record struct LastingGroup(Address Group, DateTimeOffset? Until)
{
    private const string ForEver = "-";

    /// <summary>Its record, as it lies in Redis under the name of the group.</summary>
    public string Value =>
        $"{VersionedRecord.Version} {Until?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? ForEver}";

    public bool IsOver(DateTimeOffset now) => Until <= now;

    /// <summary>Reads what lies in Redis; null if it is none of ours.</summary>
    public static LastingGroup? Parse(string group, ReadOnlyMemory<byte> value)
    {
        if (!VersionedRecord.TryRead(value, out var record) || !Address.IsName(group))
        {
            return null;
        }

        var subject = Encoding.UTF8.GetString(record.Subject.Span);
        return subject == ForEver ? new LastingGroup(Address.Group(group), Until: null)
            : long.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
                && until <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? new LastingGroup(Address.Group(group), DateTimeOffset.FromUnixTimeMilliseconds(until))
            : null;
    }
}
