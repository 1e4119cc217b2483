using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>A client that connects, loses its connections and comes back, and what it has shown to the hub.</summary>
internal sealed class SecretClient : IAsyncDisposable
{
    private readonly ScriptedHub _hub;
    private readonly FakeTimeProvider _time = new();
    private readonly HandlingQueue _queue = new(new Dictionary<string, string>());
    private readonly Mailbox _mailbox;
    private readonly ReconnectSecret _secret;
    private readonly Connector _connector;
    private readonly List<string> _shown = [];
    private OpenConnection? _connection;

    private SecretClient(ScriptedHub hub)
    {
        _hub = hub;
        _mailbox = new Mailbox(_queue, ResumeFrom.Head, _queue.Positions, _ => false);
        _secret = new ReconnectSecret(_time);
        var tokens = new TokenProvider(new ScriptedClient(hub).NextTokenAsync, new AnswerTimeout(_time));
        _connector = new Connector(new StockClient(hub.Url, _ => { }), tokens, new RenewalPolicy(() => 1), _time);
    }

    public static async Task<object?> RunAsync(JsonElement input)
    {
        var hub = new ScriptedHub();
        await hub.InitializeAsync();
        var client = new SecretClient(hub);
        try
        {
            foreach (var happening in input.EnumerateArray().SelectMany(entry => entry.EnumerateObject()))
            {
                await client.ObserveAsync(happening.Name, happening.Value);
            }

            return client._shown;
        }
        finally
        {
            await client.DisposeAsync();
            await hub.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private Task ObserveAsync(string what, JsonElement value) => what switch
    {
        "attempt" => AttemptAsync(new Queue<JsonElement>(value.EnumerateArray())),
        "connected" => TellAsync(value),
        "closed" => CloseAsync(value.GetString()),
        "afterMs" => PassAsync(TimeSpan.FromMilliseconds(value.GetInt32())),
        _ => throw new ArgumentException($"No client knows what to do with '{what}'."),
    };

    private async Task AttemptAsync(Queue<JsonElement> outcomes)
    {
        var (shown, opens) = (outcomes.Count, outcomes.Last().ValueKind == JsonValueKind.String);
        _hub.Refuses = _ => RefusalOf(outcomes.Dequeue());
        try
        {
            _connection = await _connector.ConnectAsync(attempt: 0, _secret, _mailbox, CancellationToken.None);
            _connection.TakeOver();
            opens.Should().BeTrue();
        }
        catch (PushException)
        {
            opens.Should().BeFalse();
        }

        _shown.AddRange((await _hub.Requests.NextAsync(shown)).Select(request => CredentialIn(request.Split(' ')[1])));
        _hub.Requests.IsEmpty.Should().BeTrue();
    }

    private static (int Status, string Code)? RefusalOf(JsonElement outcome) => outcome.ValueKind switch
    {
        JsonValueKind.Number => (outcome.GetInt32(), "as_scripted"),
        JsonValueKind.Null => (0, "as_scripted"),
        _ => null,
    };

    private static string CredentialIn(string shown) => shown.StartsWith("wsreconnect", StringComparison.Ordinal) ? shown : "token";

    /// <summary>Returns when a transient message that was sent after it has come.</summary>
    private async Task TellAsync(JsonElement details)
    {
        await _hub.CallAsync("Connected", details);
        await _hub.PushAsync(_hub.Log.PublishTransient());
        await _queue.TakeAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        _queue.Done();
    }

    private async Task CloseAsync(string? code)
    {
        if (code is null)
        {
            _hub.Drop();
        }
        else
        {
            await _hub.CloseAsync($$"""{"type":7,"error":"{{code}}: As scripted.","allowReconnect":true}""");
        }

        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection!.Closed.IsCancellationRequested));
        _secret.ConnectionEnded(_connection!.Reason, _connection.LastReceived);
        await _connection.DisposeAsync();
        _connection = null;
    }

    private Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
