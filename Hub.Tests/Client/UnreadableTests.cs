using System.Text.RegularExpressions;
using RealtimeHub.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

/// <summary>One message that this client cannot read costs that message, and none of the others.</summary>
public sealed class UnreadableTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly Recording<string> _handled = new();
    private readonly Recording<Exception> _errors = new();
    private ScriptedClient _client = null!;
    private PushClient _connection = null!;

    public static TheoryData<string, string> Unreadable => new()
    {
        { "an array in 61 others", Deep(62) },
        { "an array in 900 others", Deep(900) },
        { "deep inside of a payload of its own name", $$"""{"payload":{{Deep(200)}}}""" },
    };

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _client = new ScriptedClient(_hub);
        _connection = new PushClient(_client.Options with { From = ResumeFrom.Retained });
        _connection.On("*", message => _handled.Add(message.Type));
        _connection.OnLost(loss => _handled.Add($"{loss.Address} lost"));
        _connection.OnError(_errors.Add);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_payload_that_is_too_deep_is_skipped_as_a_loss_live(string _, string payload)
    {
        _hub.Garbles = json => json.Replace("\"MARK\"", payload, StringComparison.Ordinal);
        await _connection.StartAsync();

        await PublishAsync();

        await HandledAsync("1", "user:alice lost", "3");
        await CaughtUpAsync();
        (await _hub.Calls.NextAsync()).Should().Be("""{"cursors":{},"from":"retained"}""");
        _hub.Calls.IsEmpty.Should().BeTrue("the cursor has passed it");
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_payload_that_is_too_deep_is_skipped_as_a_loss_by_Resume(string _, string payload)
    {
        _hub.Garbles = json => json.Replace("\"MARK\"", payload, StringComparison.Ordinal);
        await PublishAsync();

        await _connection.StartAsync();

        await HandledAsync("1", "user:alice lost", "3");
        await CaughtUpAsync();
    }

    [Theory]
    [InlineData("\"time\":\"[^\"]*\"", "\"time\":7")]
    [InlineData("\"time\":\"[^\"]*\"", "\"time\":\"soon\"")]
    [InlineData("\"type\":\"2\"", "\"type\":{}")]
    [InlineData("\"type\":\"2\"", "\"kind\":\"2\"")]
    [InlineData("\"payload\":(\"MARK\"|null)", "\"content\":7")]
    [InlineData("\"id\":\"[^\"]*\"", "\"id\":7")]
    [InlineData("\"id\":\"[^\"]*\"", "\"ids\":[]")]
    [InlineData("\"after\":\"[^\"]*\"", "\"after\":[]")]
    public async Task A_message_of_an_unknown_shape_is_skipped_as_a_loss_live_and_by_Resume(string pattern, string unknown)
    {
        _hub.Garbles = json => Regex.Replace(
            json, """\{"id":"[^{}]*"type":"2"[^{}]*\}""", message => Regex.Replace(message.Value, pattern, _ => unknown));
        await _connection.StartAsync();
        await PublishAsync();
        await HandledAsync("1", "user:alice lost", "3");
        await CaughtUpAsync();
        await _connection.StopAsync();

        _hub.Log.Publish("4");
        _hub.Log.Publish("2");
        _hub.Log.Publish("5");
        await _connection.StartAsync();

        await HandledAsync("4", "user:alice lost", "5");
        await CaughtUpAsync();
    }

    [Fact]
    public void Half_a_character_is_no_name_of_anything() =>
        System.Text.Json.JsonSerializer.Deserialize(
            """{"id":"1-1","after":"1-0","address":"user:alice","type":"\ud800","payload":null,"time":"2026-11-24T08:00:00Z"}""",
            ClientJson.Default.Envelope)
            .Should().Be(new Envelope("user:alice", "1-1", "1-0", IsTransient: false, null));

    [Fact]
    public async Task A_transient_message_that_cannot_be_read_is_a_loss()
    {
        await _connection.StartAsync();
        _hub.Garbles = json => json.Replace("\"type\":\"2\"", "\"type\":2", StringComparison.Ordinal);

        await _hub.PushAsync(_hub.Log.PublishTransient("2"));
        await _hub.PublishAsync("3");

        await HandledAsync("user:alice lost", "3");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"id":"1-1","address":7,"type":"2"}""")]
    public async Task What_tells_no_address_is_skipped_as_an_error(string message)
    {
        await _connection.StartAsync();
        _hub.Garbles = json => json.Contains("MARK", StringComparison.Ordinal) ? message : json;

        await _hub.PushAsync(_hub.Log.PublishTransient("2") with { Payload = System.Text.Json.JsonSerializer.SerializeToElement("MARK") });
        await _hub.PublishAsync("3");

        (await _errors.NextAsync()).Should().BeOfType<UnreadableException>().Which.Code.Should().Be("unreadable");
        await HandledAsync("3");
    }

    [Fact]
    public async Task A_call_of_an_unknown_shape_is_skipped_as_an_error()
    {
        await _connection.StartAsync();

        await _hub.CallAsync("Heads", new[] { 7 });
        await _hub.CallAsync("Heads", Deep());
        await _hub.PublishAsync("3");

        (await _errors.NextAsync(2)).Should().AllBeOfType<UnreadableException>();
        await HandledAsync("3");
    }

    [Fact]
    public async Task A_call_that_this_client_does_not_know_yet_is_no_error()
    {
        await _connection.StartAsync();

        await _hub.CallAsync("News", new { of = "a later version" });
        await _hub.PublishAsync("3");

        await HandledAsync("3");
        _errors.IsEmpty.Should().BeTrue();
    }

    private static string Deep(int levels) => new string('[', levels) + new string(']', levels);

    private static System.Text.Json.JsonElement Deep() =>
        System.Text.Json.JsonDocument.Parse(Deep(100), new System.Text.Json.JsonDocumentOptions { MaxDepth = 1_000 }).RootElement;

    private async Task PublishAsync()
    {
        await _hub.PublishAsync("1");
        await _hub.PublishAsync("2", "\"MARK\"");
        await _hub.PublishAsync("3");
    }

    private async Task HandledAsync(params string[] words)
    {
        (await _handled.NextAsync(words.Length)).Should().Equal(words);
        _handled.IsEmpty.Should().BeTrue();
        _errors.IsEmpty.Should().BeTrue();
    }

    private Task CaughtUpAsync() =>
        Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection.Cursors.GetValueOrDefault(ScriptedHub.Alice) == _hub.Log.Head));
}
