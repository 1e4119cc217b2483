using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeHub.Routing.Events;

/// <summary>Something that has happened to a user's connections, for a backend that wants to know.</summary>
/// <param name="Id">Unique; the same however often the event is sent.</param>
/// <param name="Type">One of <see cref="EventType"/>.</param>
/// <param name="Time">When it happened, to the millisecond.</param>
/// <param name="Data">What belongs to its type: a JSON object, without secrets.</param>
internal sealed record HubEvent(string Id, string Type, DateTimeOffset Time, ReadOnlyMemory<byte> Data)
{
    /// <summary>Among those of a user: what has happened to clients of which it is not known whose they are.</summary>
    public static Address OfNobody => Address.Everyone;

    /// <summary>What stands in the queue: a record as in docs/protocol.md, "Between nodes".</summary>
    public byte[] ToRecord() =>
        [.. Encoding.UTF8.GetBytes($"{VersionedRecord.Version} {Type}\nid {Id}\nat {Time.ToUnixTimeMilliseconds()}\n\n"), .. Data.Span];

    /// <summary>An event to whose type nothing belongs.</summary>
    public static HubEvent Of(string type, DateTimeOffset time) => new(NewId(time), type, InMilliseconds(time), "{}"u8.ToArray());

    public static HubEvent Of<TData>(string type, DateTimeOffset time, TData data, JsonTypeInfo<TData> json) => new(
        NewId(time), type, InMilliseconds(time), JsonSerializer.SerializeToUtf8Bytes(data, json));

    /// <summary>Reads what <see cref="ToRecord"/> writes; null if it is of a version that cannot be read.</summary>
    public static HubEvent? Read(ReadOnlyMemory<byte> text) =>
        VersionedRecord.TryRead(text, out var record) && record.Find("id"u8) is { IsEmpty: false } id
            && long.TryParse(record.Find("at"u8).Span, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new HubEvent(TextOf(id), TextOf(record.Subject), DateTimeOffset.FromUnixTimeMilliseconds(at), record.Body)
            : null;

    private static DateTimeOffset InMilliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static string NewId(DateTimeOffset time) => Guid.CreateVersion7(time).ToString("N");

    private static string TextOf(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(text.Span);
}
