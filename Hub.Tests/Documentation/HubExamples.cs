using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Documentation;

/// <summary>The JSON that docs/protocol.md shows of the hub, beside what the hub really says.</summary>
public sealed class HubExamples(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    private static readonly IReadOnlyList<CodeBlock> Blocks = Page.Blocks("docs/protocol.md");

    [Fact]
    public async Task A_refusal_looks_like_the_page_says()
    {
        var token = await node.Node.MintAsync("alice");
        await new RawHub(node.Node).NegotiateAsync(token);

        var refusal = await new RawHub(node.Node).NegotiateAsync(token);

        new JsonExample(Json("Refusals").Single()).ShouldMatch(await refusal.Content.ReadAsStringAsync());
    }

    [Fact]
    public void A_connection_ends_as_the_page_says()
    {
        var connection = new PipedConnection();

        connection.Client.Close(CloseReason.NodeStopping);

        connection.ReadAll().Should().Be(Json("Why a connection ends").Single().Trim() + '\u001e');
    }

    [Fact]
    public async Task A_message_looks_like_the_page_says()
    {
        await using var client = node.Node.ClientFor("alice");
        var received = await Received.ByAsync(client);

        await node.Node.Publisher.PublishAsync(Address.User("alice"), "order.shipped", new { id = 7 });

        new JsonExample(Json("Messages").Single()).ShouldMatch(await received.NextAsync());
    }

    [Fact]
    public async Task What_a_client_may_come_back_with_looks_like_the_page_says()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await using var still = new Node { Time = new FakeTimeProvider(now) };
        var record = new TokenRecord { Subject = "alice", ExpiresAt = still.Time!.GetUtcNow().AddHours(1) };
        using var socket = await RawSocket.OpenAsync(still, (await still.Tokens.MintAsync(record)).Reveal(), "?connected=true");
        await socket.ReadMessageAsync();

        var call = JsonDocument.Parse((await socket.ReadMessageAsync())!.TrimEnd('\u001e')).RootElement;

        new JsonExample(Json("Connected").Single()).ShouldMatch(call.GetProperty("arguments")[0]);
    }

    [Fact]
    public async Task Renewing_looks_like_the_page_says()
    {
        var call = JsonNode.Parse(Json("Renewing a connection")[0])!;
        using var socket = await RawSocket.OpenAsync(node.Node, await node.Node.MintAsync("alice"));
        await socket.ReadMessageAsync();
        var fresh = new TokenRecord { Subject = "alice", ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) };
        call["arguments"] = new JsonArray((await node.Node.Tokens.MintAsync(fresh)).Reveal());

        await socket.SayAsync(call.ToJsonString());

        var answer = JsonNode.Parse((await socket.ReadMessageAsync())!.TrimEnd('\u001e'))!;
        ((int)answer["result"]!["tokenLifetimeSeconds"]!).Should().BeInRange(3_500, 3_600);
        answer["result"]!["tokenLifetimeSeconds"] = 3_600;
        new JsonExample(Json("Renewing a connection")[1]).ShouldMatch(answer.ToJsonString());
    }

    [Fact]
    public async Task Joining_and_leaving_a_group_looks_like_the_page_says()
    {
        var shown = Json("Groups that a client joins").Single().Trim().Split('\n');
        var token = await node.Node.Tokens.MintAsync(new TokenRecord { Subject = "alice", MayJoin = ["room-*"] });
        using var socket = await RawSocket.OpenAsync(node.Node, token.Reveal());
        await socket.ReadMessageAsync();

        foreach (var (call, answer) in new[] { (shown[0], shown[1]), (shown[2], shown[3]) })
        {
            await socket.SayAsync(call);
            new JsonExample(answer).ShouldMatch((await socket.ReadMessageAsync())!.TrimEnd('\u001e'));
        }
    }

    [Fact]
    public async Task Resuming_looks_like_the_page_says()
    {
        var (request, answer) = (JsonNode.Parse(Json("Resume")[0])!, Json("Resume")[1]);
        await using var client = node.Node.ClientFor(async () => await node.Node.MintAsync("alice", "room1"));
        await client.StartAsync();
        var head = await client.InvokeAsync<JsonElement>("Resume", new { cursors = new { }, from = "head" });
        request["cursors"]!["user:alice"] = head.GetProperty("addresses").GetProperty("user:alice").GetProperty("cursor").GetString();
        request["cursors"]!["group:room9"] = "1790000000000001-1";
        request["from"] = null;
        await node.Node.Publisher.PublishAsync(Address.User("alice"), "order.shipped", new { id = 7 });

        var resumed = await client.InvokeAsync<JsonElement>("Resume", request);

        new JsonExample(answer).ShouldMatch(resumed);
    }

    [Fact]
    public async Task What_is_handled_is_told_and_shown_as_the_page_says()
    {
        var shown = Json("What has become of a message");
        foreach (var (address, users, example) in new[] { ("user:alice", (string[])["alice"], shown[1]), ("group:room1", ["alice", "bob"], shown[2]) })
        {
            var type = (string)JsonNode.Parse(example)!["type"]!;
            var to = Address.TryParse(address, out var parsed) ? parsed : default;
            var before = await PublishAsync(to, type);
            var sockets = new List<RawSocket>();
            foreach (var user in users)
            {
                sockets.Add(await RawSocket.OpenAsync(node.Node, await node.Node.MintAsync(user, "room1"), "?client=realtimehub-js/0.1.0"));
                await sockets[^1].ReadMessageAsync();
            }

            var id = await PublishAsync(to, type);
            foreach (var (user, socket) in users.Zip(sockets))
            {
                var call = JsonNode.Parse(Json("Receipts").Single())!;
                call["arguments"]![0]!["addresses"] = new JsonObject { [address] = new JsonObject { ["after"] = before, ["upTo"] = id } };
                await socket.SayAsync(call.ToJsonString());
                await Eventually.HoldsAsync(async () => (await StatusAsync(to, id)).Contains(to.IsUser ? "handled" : user));
            }

            var status = JsonNode.Parse(await StatusAsync(to, id))!;
            if (status["connections"] is JsonArray { Count: 1 } connections)
            {
                connections[0]!["id"] = "3pGBcUsXm9OvGWCpAmtFeA";
            }

            new JsonExample(example).ShouldMatch(status.ToJsonString());
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task How_far_a_device_is_looks_like_the_page_says()
    {
        await using var fresh = new Node();
        using var socket = await RawSocket.OpenAsync(fresh, await fresh.MintAsync("alice"), "?client=realtimehub-js/0.1.0");
        await socket.ReadMessageAsync();
        var ids = new List<string>();
        foreach (var number in (int[])[1, 2, 3, 4])
        {
            ids.Add(await fresh.Publisher.PublishAsync(Address.User("alice"), "order.shipped", number));
        }

        var call = JsonNode.Parse(Json("Receipts").Single())!;
        call["arguments"]![0]!["addresses"] =
            new JsonObject { ["user:alice"] = new JsonObject { ["after"] = ids[0], ["upTo"] = ids[1], ["failed"] = ids[2] } };
        await socket.SayAsync(call.ToJsonString());

        var listed = "";
        await Eventually.HoldsAsync(async () => (listed = await GetAsync(fresh, "users/alice/devices")).Contains("failed"));
        new JsonExample(Json("How far the devices of a user are")[1]).ShouldMatch(listed);
    }

    [Fact]
    public void Heads_are_cursors_by_address() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Json("Resume")[2]).Should().OnlyContain(
            head => IsAddress(head.Key) && IsCursor(head.Value));

    [Fact]
    public async Task The_heads_of_an_opening_connection_look_like_the_page_says()
    {
        using var socket = await RawSocket.OpenAsync(node.Node, await node.Node.MintAsync("alice", "room1"), "?heads=true");

        var calls = (await socket.ReadMessageAsync())!.Split('\u001e');

        var heads = JsonElement.Parse(calls[1]).GetProperty("arguments")[0].Deserialize<Dictionary<string, string>>()!;
        var shown = JsonSerializer.Deserialize<Dictionary<string, string>>(Json("Heads as a connection opens").Single())!;
        heads.Should().OnlyContain(head => IsCursor(head.Value));
        shown.Should().OnlyContain(head => IsCursor(head.Value));
        heads.Keys.Should().BeEquivalentTo(shown.Keys);
    }

    [Fact]
    public async Task A_connection_of_a_user_looks_like_the_page_says()
    {
        var example = JsonNode.Parse(Json("Who is connected").Single(json => json.StartsWith("{\"id\"", StringComparison.Ordinal)))!;
        var token = await node.Node.Tokens.MintAsync(new TokenRecord
        {
            Subject = "carol",
            SessionId = "2f1c",
            Labels = ["tenant:7"],
            ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
        });
        using var socket = await RawSocket.OpenAsync(node.Node, token.Reveal(), "?client=realtimehub-js/0.1.0&heads=true");
        await socket.ReadMessageAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/carol") { Headers = { { "X-Api-Key", Node.ApiKey } } };
        var user = JsonElement.Parse(await (await node.Node.Client.SendAsync(request)).Content.ReadAsStringAsync());

        var connection = user.GetProperty("connections")[0];
        example["id"] = connection.GetProperty("id").GetString();
        new JsonExample(example.ToJsonString()).ShouldMatch(connection);
    }

    [Fact]
    public async Task An_event_looks_like_the_page_says()
    {
        await using var consumer = await EventConsumer.StartAsync();
        await using var telling = new Node(consumer.Settings);
        await using var client = telling.ClientFor("alice");
        await client.StartAsync();
        await client.InvokeAsync<JsonElement>("Resume", new { from = "head" });
        await telling.Services.GetRequiredService<IConnectionControl>().BanAsync("alice", TimeProvider.System.GetUtcNow().AddHours(1), "Spam.");

        var told = (await consumer.TakenAsync("connection.ended", 1)).Single();
        var example = JsonNode.Parse(Json("Events for backends").Single())!;
        example["data"]!["connection"] = told.GetProperty("data").GetProperty("connection").GetString();
        new JsonExample(example.ToJsonString()).ShouldMatch(told);
    }

    [Fact]
    public void No_JSON_of_the_page_is_left_out() =>
        Blocks.Where(block => block.Language == "json" && !IsAnswer(block)).Select(block => block.Heading).Should().Equal(
            "Refusals", "Why a connection ends", "Renewing a connection", "Renewing a connection", "Messages", "Groups that a client joins",
            "Heads as a connection opens", "Connected", "Resume", "Resume", "Resume", "Receipts", "What has become of a message",
            "What has become of a message", "How far the devices of a user are", "Who is connected", "Events for backends");

    private Task<string> PublishAsync(Address to, string type) => node.Node.Services.GetRequiredService<Publisher>().PublishAsync(
        CheckedPublication.Of(Publication.Of(to, type, 1)).From("api/shop"));

    private Task<string> StatusAsync(Address address, string id) =>
        GetAsync(node.Node, $"{(address.IsUser ? "users" : "groups")}/{address.Name}/messages/{id}");

    private static async Task<string> GetAsync(Node node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{path}") { Headers = { { "X-Api-Key", Node.ApiKey } } };
        using var answer = await node.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static bool IsAddress(string text) => Address.TryParse(text, out _);

    private static bool IsCursor(string text) => Cursor.TryParse(text, out _);

    private static bool IsAnswer(CodeBlock block) => Before(block) is { Language: "sh" } call && call.Heading == block.Heading;

    private static CodeBlock? Before(CodeBlock block) => Blocks.TakeWhile(other => other != block).LastOrDefault();

    private static string[] Json(string heading) =>
        [.. Blocks.Where(block => block.Heading == heading && block.Language == "json").Select(block => block.Text)];
}
