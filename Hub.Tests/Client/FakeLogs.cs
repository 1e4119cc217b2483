using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

/// <summary>A hub's logs, and its answers to <c>Resume</c>.</summary>
internal sealed class FakeLogs
{
    private readonly Dictionary<string, FakeLog> _logs = [];

    /// <summary>The addresses of the connection.</summary>
    public HashSet<string> Own { get; } = [];

    /// <summary>How many messages a page has room for.</summary>
    public int Room { get; set; } = int.MaxValue;

    public FakeLog this[string address] => _logs.TryGetValue(address, out var log) ? log : _logs[address] = new FakeLog(address);

    public ResumeAnswer Answer(ResumeRequest request)
    {
        var room = Room;
        var answers = new Dictionary<string, ResumedAddress>();
        foreach (var address in request.From is null ? request.Cursors.Keys.Where(Own.Contains) : Own)
        {
            if (room > 0)
            {
                answers[address] = request.Cursors.TryGetValue(address, out var cursor)
                    ? this[address].After(cursor, room)
                    : this[address].From(request.From!.Value, room);
                room -= answers[address].Messages.Count;
            }
        }

        return new ResumeAnswer(answers, [.. request.Cursors.Keys.Except(Own)], More: room <= 0);
    }
}
