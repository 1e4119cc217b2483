using System.Text.Json;
using System.Text.Json.Nodes;
using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>A client without its network: what a connection brings it, and what it makes of that.</summary>
internal sealed class LogClient
{
    private readonly HandlingQueue _queue;
    private readonly Mailbox _mailbox;
    private readonly HashSet<string> _wanted = [];
    private readonly List<ResumeRequest> _requests = [];
    private bool _isToCall;

    private LogClient(IReadOnlyDictionary<string, string> kept, ResumeFrom from)
    {
        _queue = new HandlingQueue(kept);
        _mailbox = new Mailbox(_queue, from, _queue.Positions, _wanted.Contains);
    }

    private bool IsBehind => _isToCall || _mailbox.AnyIsBehind;

    public static object Run(JsonElement input)
    {
        var from = input.GetProperty("from").Deserialize(ClientJson.Default.ResumeFrom);
        var client = new LogClient(Texts(input.GetProperty("kept")), from);
        foreach (var happening in input.GetProperty("events").EnumerateArray().SelectMany(entry => entry.EnumerateObject()))
        {
            client.Observe(happening.Name, happening.Value);
        }

        return client.Outcome();
    }

    private void Observe(string what, JsonElement value)
    {
        switch (what)
        {
            case "token": _mailbox.Adopt(Texts(value)); break;
            case "connect": Connect(); break;
            case "receive": _mailbox.Receive(value.Deserialize(ClientJson.Default.Envelope)!); break;
            case "heads": _mailbox.TakeHeads(Texts(value)); break;
            case "call": Call(); break;
            case "answer": _isToCall = !_mailbox.Take(value.Deserialize(ClientJson.Default.ResumeAnswer)!); break;
            case "wanted": Want(value); break;
            case "joined": Texts(value).ToList().ForEach(joined => _mailbox.Join(joined.Key, joined.Value)); break;
            case "left": _mailbox.LeaveGroup(value.GetString()!); break;
            default: throw new ArgumentException($"No client knows what to do with '{what}'.");
        }
    }

    private void Want(JsonElement value)
    {
        foreach (var (address, isWanted) in value.Deserialize<Dictionary<string, bool>>()!)
        {
            _ = isWanted ? _wanted.Add(address) : _wanted.Remove(address);
        }
    }

    private void Connect()
    {
        _isToCall = false;
        _mailbox.BeginConnection();
    }

    private void Call()
    {
        IsBehind.Should().BeTrue("otherwise there is nothing to call for");
        _isToCall = false;
        _requests.Add(_mailbox.BeginCall());
    }

    private object Outcome() => new
    {
        Handled = Handled.Entries(_queue).Where(entry => entry is not QueueEntry.Moved).Select(WordOf).ToList(),
        Requests = _requests.Select(request => JsonSerializer.SerializeToNode(request, ClientJson.Default.ResumeRequest)),
        _queue.Cursors,
        Behind = IsBehind,
    };

    private static JsonNode WordOf(QueueEntry entry) =>
        entry is QueueEntry.Message { Content.Id: var id } ? JsonValue.Create(id) : new JsonObject { ["lost"] = entry.Address };

    private static Dictionary<string, string> Texts(JsonElement value) => value.Deserialize(ClientJson.Default.DictionaryStringString)!;
}
