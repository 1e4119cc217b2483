using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeHub.Client;
using RealtimeHub.Client.Handling;

namespace RealtimeHub.Tests.Client;

public sealed partial class HandlingTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly Recording<string> _handled = new();
    private readonly ScriptedClient _client;
    private PushClient _connection = null!;

    public HandlingTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _connection = new PushClient(_client.Options);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task The_handlers_of_a_type_are_called_in_the_order_of_their_adding_and_then_those_of_every_type()
    {
        On("*", "every");
        On("chat", "first");
        On("other", "other");
        On("chat", "second");
        await _connection.StartAsync();

        await _hub.PublishAsync("chat");
        await _hub.PublishAsync("*");

        (await _handled.NextAsync(4)).Should().Equal("first", "second", "every", "every");
        _handled.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_message_is_passed_on_as_the_hub_sent_it()
    {
        var received = new Recording<PushMessage>();
        _connection.On("chat", message => Add(received, message));
        await _connection.StartAsync();

        await _hub.PublishAsync("chat", """{"n":12345678901234567890.123,"ü":[null]}""");
        await _hub.PublishAsync("chat");

        var message = await received.NextAsync();
        message.Should()
            .BeEquivalentTo(new { Id = _hub.Log.Retained[0].Id, Address = ScriptedHub.Alice, Type = "chat", Time = DateTimeOffset.UnixEpoch });
        message.Payload.GetRawText().Should().Be("""{"n":12345678901234567890.123,"ü":[null]}""");
        (await received.NextAsync()).Payload.ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_payload_is_read_as_the_type_that_the_handler_asks_for()
    {
        var received = new Recording<PushMessage<Order>>();
        _connection.On("order", OrderJson.Default.Order, message => Add(received, message));
        await _connection.StartAsync();

        await _hub.PublishAsync("order", """{"id":7}""");
        await _hub.PublishAsync("order");

        (await received.NextAsync()).Payload.Should().Be(new Order(7));
        (await received.NextAsync()).Payload.Should().BeNull();
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_goes_to_OnError_and_the_stream_goes_on()
    {
        var errors = new Recording<Exception>();
        _connection.OnError(errors.Add);
        _connection.On("order", OrderJson.Default.Order, _ => Task.CompletedTask);
        On("after", "after");
        await _connection.StartAsync();

        await _hub.PublishAsync("order", "\"seven\"");
        await _hub.PublishAsync("after");

        (await errors.NextAsync()).Should().BeOfType<JsonException>();
        (await _handled.NextAsync()).Should().Be("after");
    }

    [Fact]
    public async Task A_handler_that_throws_stops_neither_the_others_nor_the_stream()
    {
        var errors = new Recording<Exception>();
        _connection.OnError(_ => throw new InvalidOperationException("and this one too"));
        _connection.OnError(errors.Add);
        _connection.On("chat", async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("handler");
        });
        On("chat", "second");
        await _connection.StartAsync();

        await _hub.PublishAsync("chat");
        await _hub.PublishAsync("chat");

        (await _handled.NextAsync(2)).Should().Equal("second", "second");
        (await errors.NextAsync(2)).Should().OnlyContain(error => error.Message == "handler");
        await CursorAsync(_hub.Log.Head);
        _client.Log.Lines.Should().Contain(line => line.Contains("and this one too")).And.NotContain(line => line.Contains("Exception: handler"));
    }

    [Fact]
    public async Task What_a_handler_throws_is_logged_where_nobody_asked_for_it()
    {
        _connection.On("chat", _ => throw new InvalidOperationException("handler"));
        On("after", "after");
        await _connection.StartAsync();

        await _hub.PublishAsync("chat");
        await _hub.PublishAsync("after");

        await _handled.NextAsync();
        _client.Log.Lines.Should().ContainSingle(line => line.StartsWith("Error RealtimeHub.Client.PushClient HandlerFailed") && line.Contains("handler"));
    }

    [Fact]
    public async Task A_handler_that_is_disposed_of_is_called_no_more()
    {
        On("chat", "kept");
        On("chat", "gone").Dispose();
        On("chat", "kept too");
        await _connection.StartAsync();

        await _hub.PublishAsync("chat");
        await _hub.PublishAsync("chat");

        (await _handled.NextAsync(4)).Should().Equal("kept", "kept too", "kept", "kept too");
    }

    [Fact]
    public async Task A_slow_handler_delays_the_messages_after_it_and_holds_up_no_call()
    {
        var gate = new TaskCompletionSource();
        _connection.On("slow", _ => gate.Task);
        On("*", "handled");
        await _connection.StartAsync();
        await _hub.Calls.NextAsync();

        await _hub.PublishAsync("slow");
        await _hub.PublishAsync("quick");
        _hub.Log.Publish("missed");
        await _hub.PublishAsync("seen");

        await _hub.Calls.NextAsync();
        _handled.IsEmpty.Should().BeTrue();
        gate.SetResult();
        (await _handled.NextAsync(4)).Should().HaveCount(4);
    }

    [Fact]
    public async Task Messages_that_find_no_room_while_a_handler_is_slow_are_fetched_when_there_is_some()
    {
        const int count = HandlingQueue.Capacity + 500;
        var gate = new TaskCompletionSource();
        _connection.On("*", async message =>
        {
            await gate.Task;
            _handled.Add(message.Type);
        });
        await _connection.StartAsync();
        await _hub.Calls.NextAsync();

        for (var number = 0; number < count; number++)
        {
            await _hub.PublishAsync($"{number}");
        }

        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_client.Log.Lines.Any(line => line.Contains("HandlersAreSlow"))));
        gate.SetResult();

        (await _handled.NextAsync(count)).Should().Equal(Enumerable.Range(0, count).Select(number => $"{number}"));
        (await _hub.Calls.NextAsync()).Should().NotContain("from");
    }

    [Fact]
    public async Task A_stop_waits_for_the_handler_that_runs_and_calls_no_other()
    {
        var (running, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        _connection.On("slow", async _ =>
        {
            running.SetResult();
            await gate.Task;
            _handled.Add("slow");
        });
        On("next", "next");
        await _connection.StartAsync();
        await _hub.PublishAsync("slow");
        await _hub.PublishAsync("next");
        await running.Task;

        var stopped = _connection.StopAsync();
        stopped.IsCompleted.Should().BeFalse();
        gate.SetResult();
        await stopped;

        (await _handled.NextAsync()).Should().Be("slow");
        _connection.Cursors[ScriptedHub.Alice].Should().Be(_hub.Log.Retained[0].Id);
        await _connection.StartAsync();
        (await _handled.NextAsync()).Should().Be("next", "what was received and not handled comes again");
        _handled.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_handler_that_stops_and_starts_the_connection_does_not_get_its_message_again()
    {
        _connection.On("restart", async _ =>
        {
            await _connection.StopAsync();
            await _connection.StartAsync();
            _handled.Add("restart");
        });
        On("next", "next");
        await _connection.StartAsync();

        await _hub.PublishAsync("restart");
        await _handled.NextAsync();
        await _hub.PublishAsync("next");

        (await _handled.NextAsync()).Should().Be("next");
    }

    private IDisposable On(string type, string word) => _connection.On(type, _ => Add(_handled, word));

    private static Task Add<T>(Recording<T> recording, T happened)
    {
        recording.Add(happened);
        return Task.CompletedTask;
    }

    private Task CursorAsync(string cursor) =>
        Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection.Cursors[ScriptedHub.Alice] == cursor));

    internal sealed record Order(int Id);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderJson : JsonSerializerContext;
}
