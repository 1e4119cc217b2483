using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>
/// A hub that drops, repeats and delays what it sends, trims its logs and loses their ends, and a client of it, which calls and handles
/// when the dice say so. <see cref="Breaches"/> holds the client to what the protocol promises.
/// </summary>
internal sealed class ModelWorld
{
    private static readonly string[] Addresses = ["user:alice", "group:room1", "everyone"];

    private readonly Dice _dice;
    private readonly ResumeFrom _from;
    private readonly int _burst;
    private readonly FakeLogs _hub = new();
    private readonly HandlingQueue _queue = new(new Dictionary<string, string>());
    private readonly LogReaders _readers;
    private readonly List<PushMessage> _wire = [];
    private readonly Dictionary<string, List<QueueEntry>> _handled =
        Addresses.ToDictionary(address => address, _ => new List<QueueEntry>());
    private readonly Dictionary<string, PushMessage> _published = [];
    private ResumeRequest? _request;
    private ResumeAnswer? _answer;

    public ModelWorld(ulong seed)
    {
        _dice = new Dice(seed);
        _from = _dice.Falls(50) ? ResumeFrom.Head : ResumeFrom.Retained;
        _burst = _dice.Falls(10) ? 1_500 : 30;
        _readers = new LogReaders(_queue, new Dictionary<string, string>(), _ => false);
        _hub.Own.UnionWith(Addresses);
        Reconnect();
    }

    /// <summary>One thing happens.</summary>
    public void Step()
    {
        var address = Addresses[_dice.Roll(Addresses.Length)];
        switch (_dice.Roll(100))
        {
            case < 40: Publish(address, _dice.Roll(4) + 1); break;
            case < 41: Publish(address, _dice.Roll(_burst)); break;
            case < 45: Send(_hub[address].PublishTransient()); break;
            case < 48: _hub[address].Trim(_dice.Roll(20)); break;
            case < 51: _hub[address].LoseEnd(_dice.Roll(6)); break;
            case < 53: Reconnect(); break;
            case < 56: _readers.Of(address).Compare(_hub[address].Head); break;
            case < 65: Handle(_dice.Roll(50)); break;
            case < 80: Call(); break;
            default: Deliver(); break;
        }
    }

    /// <summary>Lets the client come to rest, as it does when the hub is quiet and well again.</summary>
    public void ComeToRest()
    {
        _wire.Clear();
        Handle(int.MaxValue);
        Reconnect();
        do
        {
            Call();
            Handle(int.MaxValue);
        }
        while (_request is not null || _readers.AnyIsBehind);
    }

    /// <summary>The promises that were broken.</summary>
    public IReadOnlyList<string> Breaches() =>
    [
        .. _handled.Values.SelectMany(OrderBreaches),
        .. _handled.Values.SelectMany(TwiceHandled),
        .. Addresses.Where(address => _queue.Cursors[address] != _hub[address].Head).Select(address => $"{address} has not come to the end of its log"),
    ];

    /// <summary>Of each two messages in a row the second comes after the first in the log, or a loss was announced between them.</summary>
    private IEnumerable<string> OrderBreaches(List<QueueEntry> entries)
    {
        PushMessage? before = null;
        var newest = 0L;
        foreach (var entry in entries)
        {
            if (entry is not QueueEntry.Message { Content.IsTransient: false } message)
            {
                before = entry is QueueEntry.Lost ? null : before;
                continue;
            }

            var current = _published[message.Content.Id];
            if (before is not null && current.After != before.Id)
            {
                yield return $"{current} was handled right after {before}";
            }

            if (long.Parse(current.Type) <= newest)
            {
                yield return $"{current} was handled twice, or after a newer one";
            }

            (before, newest) = (current, long.Parse(current.Type));
        }
    }

    private static IEnumerable<string> TwiceHandled(List<QueueEntry> entries) => entries.OfType<QueueEntry.Message>()
        .GroupBy(entry => entry.Content.Id)
        .Where(copies => copies.Count() > 1)
        .Select(copies => $"{copies.First()} was handled twice");

    private void Publish(string address, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var message = _hub[address].Publish();
            _published.Add(message.Id, message);
            Send(message);
        }
    }

    /// <summary>Most of what is sent is on its way, some of it twice.</summary>
    private void Send(PushMessage message)
    {
        var copies = _dice.Roll(100) switch { < 5 => 0, < 10 => 2, _ => 1 };
        _wire.AddRange(Enumerable.Repeat(message, copies));
    }

    /// <summary>Some of what is on its way arrives, mostly in order.</summary>
    private void Deliver()
    {
        for (var count = _dice.Roll(20); count > 0 && _wire.Count > 0; count--)
        {
            var index = _dice.Falls(15) ? _dice.Roll(_wire.Count) : 0;
            var message = _wire[index];
            _wire.RemoveAt(index);
            _readers.Of(message.Address).Receive(message);
        }
    }

    /// <summary>What the old connection had on its way may still come.</summary>
    private void Reconnect()
    {
        (_request, _answer) = (null, null);
        _wire.RemoveAll(_ => _dice.Falls(40));
        _readers.BeginConnection();
        if (_dice.Falls(50))
        {
            _readers.BeginAt(Addresses.ToDictionary(address => address, address => _hub[address].Head), _from);
        }

        if (_readers.AnyIsBehind)
        {
            Ask();
        }
    }

    /// <summary>The call takes its next step: it is made, answered by the hub, or the answer arrives.</summary>
    private void Call()
    {
        if (_answer is not null)
        {
            var isLast = _readers.Take(_answer);
            (_request, _answer) = (null, null);
            if (!isLast)
            {
                Ask();
            }
        }
        else if (_request is not null)
        {
            _hub.Room = _dice.Falls(50) ? _dice.Roll(10) + 1 : 2_000;
            _answer = _hub.Answer(_request);
        }
        else if (_readers.AnyIsBehind)
        {
            Ask();
        }
    }

    private void Ask() => _request = _readers.BeginCall(_from);

    private void Handle(int count)
    {
        foreach (var entry in Handled.Entries(_queue).Take(count))
        {
            _handled[entry.Address].Add(entry);
        }
    }
}
