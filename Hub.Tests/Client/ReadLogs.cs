using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

/// <summary>What the log readers of a client are tested with: a hub's logs, and the queue for the handlers.</summary>
public abstract class ReadLogs
{
    private protected const string Alice = "user:alice";
    private protected const string Room = "group:room1";

    private protected ReadLogs() => Readers = new LogReaders(Queue, new Dictionary<string, string>(), _ => false);

    private protected FakeLogs Hub { get; } = new() { Own = { Alice } };

    private protected HandlingQueue Queue { get; } = new(new Dictionary<string, string>());

    private protected LogReaders Readers { get; }

    private protected FakeLog Log => Hub[Alice];

    private protected LogReader Reader => Readers.Of(Alice);

    private protected ResumeRequest Connect(ResumeFrom from = ResumeFrom.Head)
    {
        Readers.BeginConnection();
        return ResumeAll(from)[0];
    }

    private protected ResumeRequest Resume() => ResumeAll(ResumeFrom.Head).Should().ContainSingle().Subject;

    private protected List<ResumeRequest> ResumeAll(ResumeFrom from)
    {
        var calls = new List<ResumeRequest>();
        do
        {
            calls.Add(Readers.BeginCall(from));
        }
        while (!Readers.Take(Hub.Answer(calls[^1])));
        return calls;
    }

    private protected void Receive(params PushMessage[] messages)
    {
        foreach (var message in messages)
        {
            Readers.Of(message.Address).Receive(message);
        }
    }

    private protected void FallBehind()
    {
        Log.Publish("missing");
        Receive(Log.Publish("seen"));
    }
}
