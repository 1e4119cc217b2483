using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Insight;

/// <summary>The hub's spans, and how the trace of a publisher goes on at the clients.</summary>
public sealed class SpanTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis);
        _ = _node.Address;
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("user:alice", "user")]
    [InlineData("group:room", "group")]
    [InlineData("everyone", "everyone")]
    public async Task A_message_is_sent_and_delivered_in_the_trace_of_its_publisher(string address, string kind)
    {
        await using var client = _node.ClientFor(async () => await _node.MintAsync("alice", "room"));
        var received = await Received.ByAsync(client);
        using var traced = new Traced();

        var id = await _node.Publisher.PublishAsync(AddressOf(address), "t", 1);
        await received.NextAsync();

        var (sent, delivered) = (await traced.SpanAsync($"send {kind}"), await traced.SpanAsync($"deliver {kind}"));
        (sent.Kind, sent.ParentSpanId).Should().Be((ActivityKind.Producer, traced.Root.SpanId));
        (delivered.Kind, delivered.ParentSpanId).Should().Be((ActivityKind.Consumer, sent.SpanId));
        delivered.Links.Should().ContainSingle().Which.Context.SpanId.Should().Be(sent.SpanId);
        foreach (var (span, type) in (IEnumerable<(Activity, string)>)[(sent, "send"), (delivered, "process")])
        {
            span.GetTagItem("messaging.system").Should().Be("realtimehub");
            span.GetTagItem("messaging.operation.type").Should().Be(type);
            span.GetTagItem("messaging.destination.template").Should().Be(kind);
            span.GetTagItem("messaging.message.id").Should().Be(id);
        }

        delivered.GetTagItem("realtimehub.connections").Should().Be(1);
    }

    [Fact]
    public async Task Each_node_that_has_connections_delivers_once_in_the_trace_of_a_backend_that_publishes_over_HTTP()
    {
        await using var other = Node.On(_redis);
        await using var here = _node.ClientFor("alice");
        await using var there = other.ClientFor("alice");
        Received[] both = [await Received.ByAsync(here), await Received.ByAsync(there)];
        using var traced = new Traced();

        using var answer = await _node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "t" }));
        answer.EnsureSuccessStatusCode();
        await Task.WhenAll(both.Select(received => received.NextAsync()));

        await Eventually.HoldsAsync(() => Task.FromResult(traced.Spans.Count(span => span.DisplayName == "deliver user") == 2));
        var sent = await traced.SpanAsync("send user");
        traced.Spans.Where(span => span.DisplayName == "deliver user").Should().OnlyContain(span => span.ParentSpanId == sent.SpanId);
    }

    [Fact]
    public async Task Messages_of_a_batch_have_a_span_each_and_none_is_inside_of_another()
    {
        using var traced = new Traced();

        await _node.Publisher.PublishAsync(
            [Publication.Of(Address.User("alice"), "t", 1), Publication.Of(Address.User("bob"), "t", 2), Publication.Of(Address.Everyone, "t", 3)]);

        await Eventually.HoldsAsync(() => Task.FromResult(traced.Spans.Count() == 3));
        traced.Spans.Should().OnlyContain(span => span.ParentSpanId == traced.Root.SpanId);
        Activity.Current.Should().Be(traced.Root);
    }

    [Fact]
    public async Task To_get_in_is_a_span_for_the_token_and_one_for_the_directory_and_to_resume_is_another()
    {
        var seen = await _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);
        await _node.Publisher.PublishAsync(Address.User("alice"), "t", 2);
        var token = await _node.MintAsync("alice");
        using var traced = new Traced();

        await using var client = _node.ClientFor(() => Task.FromResult<string?>(token), skipNegotiation: true);
        await client.StartAsync();
        await client.InvokeAsync("Resume", new { cursors = new Dictionary<string, string> { ["user:alice"] = seen } });

        (await traced.SpanAsync("spend")).Status.Should().Be(ActivityStatusCode.Unset);
        (await traced.SpanAsync("attach")).Status.Should().Be(ActivityStatusCode.Unset);
        var resume = await traced.SpanAsync("resume");
        resume.GetTagItem("realtimehub.messages").Should().Be(1);
        resume.GetTagItem("realtimehub.recovered").Should().Be(true);
    }

    [Fact]
    public async Task A_token_that_is_spent_and_a_user_who_is_banned_are_told_by_their_codes()
    {
        await _node.Services.GetRequiredService<IEpochs>().BanAsync(Address.User("mallory"), DateTimeOffset.MaxValue, null);
        var token = await _node.MintAsync("mallory");
        using var traced = new Traced();
        await using var client = _node.ClientFor(() => Task.FromResult<string?>(token), skipNegotiation: true);
        await client.StartAsync();
        await using var again = _node.ClientFor(() => Task.FromResult<string?>(token), skipNegotiation: true);
        var replay = () => again.StartAsync();
        await replay.Should().ThrowAsync<Exception>();

        var attach = await traced.SpanAsync("attach");
        (attach.Status, attach.GetTagItem("error.type")).Should().Be((ActivityStatusCode.Error, "banned"));
        await Eventually.HoldsAsync(() => Task.FromResult(traced.Spans.Count(span => span.DisplayName == "spend") == 2));
        traced.Spans.Where(span => span.DisplayName == "spend").Select(span => span.GetTagItem("error.type") ?? "").Should()
            .Equal("", "token_spent");
    }

    [Fact]
    public async Task A_secret_that_is_shown_is_a_span()
    {
        using var old = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true&connected=true");
        var secret = SecretIn((await old.ReadMessageAsync())!);
        using var traced = new Traced();

        using var back = await RawSocket.OpenAsync(_node, secret, "?heads=true&connected=true");
        await back.ReadMessageAsync();

        (await traced.SpanAsync("reconnect")).Status.Should().Be(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task A_client_that_asks_is_told_where_the_publisher_stands_and_one_that_does_not_is_not()
    {
        using var asking = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true&trace=true");
        using var other = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true");
        await asking.ReadMessageAsync();
        await other.ReadMessageAsync();
        await _node.Publisher.PublishAsync(Address.User("alice"), "t", "untraced");
        (await asking.ReadMessageAsync()).Should().NotContain("traceparent");
        await other.ReadMessageAsync();
        using var traced = new Traced();

        await _node.Publisher.PublishAsync(Address.User("alice"), "t", "traced");

        var told = JsonDocument.Parse((await asking.ReadMessageAsync())!.TrimEnd('\u001e')).RootElement.GetProperty("arguments")[0];
        told.GetProperty("traceparent").GetString().Should().Be((await traced.SpanAsync("send user")).Id);
        told.GetProperty("payload").GetString().Should().Be("traced");
        (await other.ReadMessageAsync()).Should().Contain("\"traced\"").And.NotContain("traceparent");
    }

    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public async Task Where_nobody_wants_spans_of_the_hub_the_publishers_own_place_goes_to_the_client_if_its_trace_is_recorded(
        string flags, bool isTold)
    {
        using var asking = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true&trace=true");
        await asking.ReadMessageAsync();
        var place = $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}";
        using var around = new Activity("publisher").SetParentId(place).Start();

        await _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);

        var told = (await asking.ReadMessageAsync())!;
        told.Contains($"\"traceparent\":\"{around.Id}\"").Should().Be(isTold);
        told.Contains("traceparent").Should().Be(isTold);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 forged")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    [InlineData("\",\"type\":\"forged")]
    [InlineData("")]
    public async Task What_is_no_recorded_place_in_a_trace_reaches_no_client_whoever_has_written_it_to_Redis(string forged)
    {
        using var asking = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true&trace=true");
        await asking.ReadMessageAsync();
        var node = _node.Services.GetRequiredService<NodeId>();

        var listeners = await _redis.Database.PublishAsync(
            StackExchange.Redis.RedisChannel.Literal($"hub:db0:node:{node}"),
            $"1 message\naddress user:alice\ntraceparent {forged}\nid 0-7\n\n\"address\":\"user:alice\",\"type\":\"written\",\"payload\":1,\"time\":\"2026-11-30T00:00:00Z\"}}");

        listeners.Should().Be(1);
        (await asking.ReadMessageAsync()).Should().Contain("\"written\"").And.NotContain("traceparent").And.NotContain("forged");
    }

    [Fact]
    public async Task The_page_has_each_span_of_a_whole_journey_and_none_names_anybody_or_shows_a_secret()
    {
        const string User = "zoë \"}<user>";
        const string Group = "the room \"}<group>";
        using var traced = new Traced();
        var token = await _node.MintAsync(User, Group);
        using var socket = await RawSocket.OpenAsync(_node, token, "?heads=true&connected=true");
        var secret = SecretIn((await socket.ReadMessageAsync())!);
        using var back = await RawSocket.OpenAsync(_node, secret, "?heads=true&connected=true");
        var next = SecretIn((await back.ReadMessageAsync())!);
        foreach (var address in (Address[])[Address.User(User), Address.Group(Group), Address.Everyone])
        {
            await _node.Publisher.PublishAsync(address, "t", "what is told");
            await back.ReadMessageAsync();
        }

        await using var client = _node.ClientFor(User, skipNegotiation: true);
        await Received.ByAsync(client);

        await Eventually.HoldsAsync(() => Task.FromResult(
            traced.Spans.Select(span => span.DisplayName).Distinct().Order(StringComparer.Ordinal).SequenceEqual(InThePage())));
        string.Join('\n', traced.Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag}").Append(span.DisplayName)))
            .Should().NotContainAny(token, secret, next, "zoë", "room", "what is told");
    }

    /// <summary>The names in the table of docs/operations.md.</summary>
    private static IEnumerable<string> InThePage() => Page.Text("docs/operations.md").Split("\n## Traces\n")[1].Split("\n## ")[0].Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => line.Split('|')[1].Split(',').Select(name => name.Trim(' ', '`')))
        .Order(StringComparer.Ordinal);

    private static string SecretIn(string told) => JsonDocument.Parse(told.Split('\u001e').Single(record => record.Contains("reconnectSecret")))
        .RootElement.GetProperty("arguments")[0].GetProperty("reconnectSecret").GetString()!;

    private static Address AddressOf(string text) => Address.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
