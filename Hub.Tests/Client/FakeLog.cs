using System.Globalization;
using System.Text.Json;
using RealtimeHub.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

/// <summary>The log of one address as docs/protocol.md describes it, which a test can trim and rob of its end.</summary>
internal sealed class FakeLog
{
    private static readonly JsonElement Null = JsonSerializer.SerializeToElement<object?>(null);

    private readonly string _address;
    private readonly List<PushMessage> _retained = [];
    private long _offset = 1_000;
    private long _published;

    public FakeLog(string address)
    {
        _address = address;
        Head = NextId();
    }

    public string Head { get; private set; }

    public IReadOnlyList<PushMessage> Retained => _retained;

    /// <summary>How many messages were ever published; the type of each is its number.</summary>
    public long Published => _published;

    public PushMessage Publish(string? type = null, string? payload = null)
    {
        var after = Head;
        Head = NextId();
        var message = Message(Head, after, type, payload);
        _retained.Add(message);
        return message;
    }

    public PushMessage PublishTransient(string? type = null) => Message($"0-{_published + 1}", null, type, null);

    /// <summary>Forgets the oldest.</summary>
    public void Trim(int kept) => _retained.RemoveRange(0, Math.Max(0, _retained.Count - kept));

    /// <summary>Forgets the newest, as a Redis does that fails over, and hands out their offsets again.</summary>
    public void LoseEnd(int count)
    {
        foreach (var lost in Enumerable.Reverse(_retained).Take(count).ToList())
        {
            Head = lost.After!;
            _offset--;
            _retained.Remove(lost);
        }
    }

    /// <summary>Answers who stands at a cursor.</summary>
    public ResumedAddress After(string cursor, int room)
    {
        var next = _retained.FindIndex(message => message.After == cursor);
        return cursor == Head ? new ResumedAddress(true, Head, [])
            : next >= 0 ? Page(true, _retained[next..], room)
            : Page(false, [.. _retained.Where(message => OffsetOf(message.Id) > OffsetOf(cursor))], room);
    }

    /// <summary>Answers who stands nowhere.</summary>
    public ResumedAddress From(ResumeFrom from, int room) =>
        from == ResumeFrom.Head ? new ResumedAddress(true, Head, []) : Page(true, [.. _retained], room);

    private static long OffsetOf(string id) => long.TryParse(id.Split('-')[0], CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    private ResumedAddress Page(bool recovered, List<PushMessage> messages, int room) =>
        messages.Count <= room
            ? new ResumedAddress(recovered, Head, [.. messages])
            : new ResumedAddress(recovered, messages[room - 1].Id, [.. messages[..room]]);

    private PushMessage Message(string id, string? after, string? type, string? payload)
    {
        _published++;
        var json = payload is null ? Null : JsonSerializer.Deserialize<JsonElement>(payload);
        return new(id, after, _address, type ?? $"{_published}", json, DateTimeOffset.UnixEpoch);
    }

    /// <summary>The second half differs from address to address, and whenever an offset is handed out again.</summary>
    private string NextId() => $"{++_offset}-{_address.Length}{_published + 7_000_000}";
}
