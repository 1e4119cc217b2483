using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Ingress;

public sealed class ApiTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private readonly HttpClient _backend = nodes.First.Client;

    public static TheoryData<string> Paths => ["/api/tokens", "/api/users/alice/messages", "/api/groups/room1/messages", "/api/everyone/messages", "/api/messages"];

    [Fact]
    public async Task A_backend_mints_a_token_for_its_user()
    {
        var answer = await _backend.SendAsync(Node.Api("/api/tokens", new { sub = "alice", groups = new[] { "room1" }, claims = new { plan = "gold" } }));

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        var minted = await answer.Content.ReadFromJsonAsync<JsonElement>();
        minted.EnumerateObject().Select(property => property.Name).Should().Equal("token", "expiresIn", "cursors");
        minted.GetProperty("cursors").EnumerateObject().Single().Name.Should().Be("user:alice");
        AccessToken.TryParse(minted.GetProperty("token").GetString(), out var token).Should().BeTrue();
        (await nodes.Second.Tokens.SpendAsync(token)).Record!.Groups.Should().Equal("room1");
    }

    [Fact]
    public async Task A_backend_reaches_a_user_a_group_and_everyone()
    {
        await using var client = nodes.Second.ClientFor(async () => await nodes.Second.MintAsync("alice", "room1"), skipNegotiation: true);
        var received = await Received.ByAsync(client);

        foreach (var (path, address) in new[] { ("users/alice", "user:alice"), ("groups/room1", "group:room1"), ("everyone", "everyone") })
        {
            var answer = await _backend.SendAsync(Node.Api($"/api/{path}/messages", new { type = "order.shipped", payload = new { id = 7 } }));

            answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
            var message = await received.NextAsync();
            message.GetProperty("address").GetString().Should().Be(address);
            message.GetProperty("type").GetString().Should().Be("order.shipped");
            message.GetProperty("payload").GetRawText().Should().Be("""{"id":7}""");
            message.GetProperty("id").GetString().Should()
                .Be((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task The_same_idempotency_key_answers_with_the_first_id_and_sends_nothing()
    {
        await using var client = nodes.Second.ClientFor("idempotent", skipNegotiation: true);
        var received = await Received.ByAsync(client);

        var ids = new List<string?>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var answer = await _backend.SendAsync(Node.Api("/api/users/idempotent/messages", new { type = "t", payload = 1, idempotencyKey = "k" }));
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        }

        await _backend.SendAsync(Node.Api("/api/users/idempotent/messages", new { type = "end", transient = true }));
        ids.Distinct().Should().ContainSingle();
        (await received.NextAsync()).GetProperty("payload").GetInt32().Should().Be(1);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("end");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a b?c#d&e=f")]
    [InlineData("Ünï:{code}*")]
    public async Task A_user_may_have_any_name(string user)
    {
        await using var client = nodes.Second.ClientFor(user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        (await _backend.SendAsync(Node.Api($"/api/users/{Uri.EscapeDataString(user)}/messages", new { type = "t" }))).StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await received.NextAsync()).GetProperty("address").GetString().Should().Be($"user:{user}");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Without_the_right_key_nothing_opens(string path)
    {
        foreach (string[] keys in (string[][])[[], [""], ["wrong"], [Node.ApiKey + "x"], [Node.Sha256(Node.ApiKey)], [Node.ApiKey, Node.ApiKey]])
        {
            var request = Node.Api(path, new { });
            request.Headers.Remove("X-Api-Key");
            request.Headers.TryAddWithoutValidation("X-Api-Key", keys);

            await (await _backend.SendAsync(request)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "key_refused");
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Without_any_configured_key_there_is_no_API(string path)
    {
        await using var node = new Node(("Api:Keys:tests", Node.Unset), ("environment", "Production"));

        var answer = await node.Client.SendAsync(Node.Api(path, new { }));

        await answer.ShouldBeRefusedAsync(HttpStatusCode.NotFound, "not_found");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("No key is configured").And.Contain("Api__Keys__");
    }

    [Theory]
    [InlineData("/api/tokens", """{"sub":"alice","user":"alice"}""", "user")]
    [InlineData("/api/tokens", """{"sub":7}""", "sub")]
    [InlineData("/api/tokens", """{"sub":"alice","sub":"bob"}""", "sub")]
    [InlineData("/api/tokens", "{}", "sub")]
    [InlineData("/api/tokens", """{"sub":""}""", "sub")]
    [InlineData("/api/tokens", """{"sub":"a\nb"}""", "sub")]
    [InlineData("/api/tokens", """{"sub":"alice","groups":["\u0001"]}""", "groups")]
    [InlineData("/api/tokens", """{"sub":"alice","exp":"soon"}""", "exp")]
    [InlineData("/api/tokens", """{"sub":"alice","exp":1500000000}""", "exp lies in the past")]
    [InlineData("/api/tokens", "[", "JSON")]
    [InlineData("/api/tokens", "null", "JSON")]
    [InlineData("/api/tokens", "", "JSON")]
    [InlineData("/api/users/alice/messages", """{"payload":1}""", "type")]
    [InlineData("/api/users/alice/messages", """{"type":""}""", "type")]
    [InlineData("/api/users/alice/messages", """{"type":null}""", "type")]
    [InlineData("/api/users/alice/messages", """{"type":7}""", "type")]
    [InlineData("/api/users/alice/messages", """{"type":"t","payload":1,"extra":2}""", "extra")]
    [InlineData("/api/users/alice/messages", """{"type":"t","idempotencyKey":""}""", "idempotency key")]
    [InlineData("/api/users/alice/messages", """{"type":"t","idempotencyKey":7}""", "idempotencyKey")]
    [InlineData("/api/users/alice/messages", """{"type":"t","ttlSeconds":0}""", "time to live")]
    [InlineData("/api/users/alice/messages", """{"type":"t","ttlSeconds":-1}""", "time to live")]
    [InlineData("/api/users/alice/messages", """{"type":"t","ttlSeconds":31536001}""", "time to live")]
    [InlineData("/api/users/alice/messages", """{"type":"t","ttlSeconds":1.5}""", "ttlSeconds")]
    [InlineData("/api/users/alice/messages", """{"type":"t","transient":"yes"}""", "transient")]
    [InlineData("/api/everyone/messages", """{"type":"t","transient":true,"ttlSeconds":1}""", "transient")]
    [InlineData("/api/everyone/messages", """{"type":"t","payload":}""", "payload")]
    public async Task A_body_that_breaks_the_contract_is_refused_by_name(string path, string body, string named)
    {
        var request = Node.Api(path, new { });
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await _backend.SendAsync(request);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
        (await answer.Content.ReadAsStringAsync()).Should().Contain(named);
    }

    [Fact]
    public async Task A_payload_that_is_no_UTF_8_is_refused_because_no_browser_would_take_it()
    {
        var body = """{"type":"t","payload":"?"}"""u8.ToArray();
        body[^3] = 0xFF;
        var request = Node.Api("/api/users/alice/messages", new { });
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };

        await (await _backend.SendAsync(request)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
    }

    [Theory]
    [InlineData("/api/tokens", """{"sub":"Zo?"}""")]
    [InlineData("/api/tokens", """{"sub":"alice","groups":["Zo?"]}""")]
    [InlineData("/api/tokens", """{"sub":"alice","claims":{"Zo?":"x"}}""")]
    [InlineData("/api/users/alice/messages", """{"type":"t","idempotencyKey":"Zo?"}""")]
    [InlineData("/api/messages", """{"messages":[{"address":"user:Zo?","type":"t"}]}""")]
    public async Task A_name_in_a_body_that_is_no_UTF_8_is_refused_and_told_so(string path, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xEB;
        var request = Node.Api(path, new { });
        request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };

        var answer = await _backend.SendAsync(request);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("UTF-8");
    }

    [Theory]
    [InlineData("/api/tokens", """{"sub":"alice\ud800"}""")]
    [InlineData("/api/tokens", """{"sub":"alice","groups":["\udc00"]}""")]
    [InlineData("/api/tokens", """{"sub":"alice","claims":{"plan":"\ud800"}}""")]
    public async Task A_name_in_a_body_with_half_a_character_is_refused_and_told_so(string path, string body)
    {
        var request = Node.Api(path, new { });
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await _backend.SendAsync(request);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("half a surrogate pair");
    }

    [Theory]
    [InlineData("/api/users//messages")]
    [InlineData("/api/groups//messages")]
    [InlineData("/api/users/a%0Ab/messages")]
    [InlineData("/api/users/%7F/messages")]
    public async Task A_name_that_breaks_the_rule_is_refused(string path) =>
        await (await _backend.SendAsync(Node.Api(path, new { type = "t" }))).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "name_invalid");

    [Fact]
    public async Task A_name_may_have_256_characters_and_not_one_more()
    {
        (await _backend.SendAsync(Node.Api($"/api/users/{new string('a', 256)}/messages", new { type = "t" }))).StatusCode.Should().Be(HttpStatusCode.Accepted);
        await (await _backend.SendAsync(Node.Api($"/api/users/{new string('a', 257)}/messages", new { type = "t" })))
            .ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "name_invalid");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_body_over_64_KB_is_refused_and_of_a_batch_over_4_MB(string path) =>
        await (await _backend.SendAsync(
            Node.Api(path, new { type = "t", payload = new string('a', path == "/api/messages" ? 4 * 1024 * 1024 : 64 * 1024) })))
            .ShouldBeRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");

    [Theory]
    [InlineData("""{"type":"t","extra":2}""", "At $.extra: there is no such field.")]
    [InlineData("""{"payload":2}""", "At $: a field is missing: type.")]
    [InlineData("""{"type":"t","type":"t"}""", "At $.type: the field is there twice.")]
    [InlineData("""{"type":null}""", "At $.type: the field must not be null.")]
    [InlineData("""{"type":"t","ttlSeconds":"x"}""", "At $.ttlSeconds: the JSON value has the wrong type.")]
    [InlineData("[]", "At $: the JSON value has the wrong type.")]
    [InlineData("", "At $: there is no body. Send a JSON object.")]
    [InlineData(" ", "At $: there is no body. Send a JSON object.")]
    [InlineData("""{"type":"t","ttlSeconds":0}""", "At $.ttlSeconds: the time to live must be 1 to 31536000 seconds. Left out, the message lives as long as it is retained.")]
    [InlineData("""{"type":"t","transient":true,"ttlSeconds":1}""", "At $.ttlSeconds: a transient message stands in no log, so it has no time to live. Leave out one of the two.")]
    [InlineData("""{"type":"t","transient":true,"idempotencyKey":"k"}""", "At $.idempotencyKey: a transient message stands in no log, so it has no idempotency key. Leave out one of the two.")]
    [InlineData("""{"type":""}""", "At $.type: The type must be 1 to 128 characters without control characters.")]
    [InlineData("""{"type":"\ud800"}""", "At $.type: half a surrogate pair, such as \\ud83d by itself, is no character.")]
    [InlineData("""{"type":"t","idempotencyKey":"\udc00"}""", "At $.idempotencyKey: half a surrogate pair, such as \\ud83d by itself, is no character.")]
    public async Task A_mistake_is_told_in_words_that_are_not_of_NET(string body, string detail)
    {
        var request = Node.Api("/api/users/alice/messages", new { });
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await (await _backend.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();

        answer.GetProperty("detail").GetString().Should().Be(detail);
    }

    [Fact]
    public async Task A_connection_goes_on_after_an_answer_and_after_a_refusal()
    {
        var opened = 0;
        using var oneConnection = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (context, cancellation) =>
            {
                opened++;
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = nodes.First.Address,
        };

        foreach (var path in Paths.Select<object[], string>(row => (string)row[0]).Concat(["/api/nothing"]))
        {
            await oneConnection.SendAsync(Node.Api(path, new { type = "t" }));
            await oneConnection.SendAsync(Node.Api(path, new { nothing = 1 }));
        }

        opened.Should().Be(1);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_refused()
    {
        var request = Node.Api("/api/tokens", new { });
        request.Content = new StringContent("sub=alice", Encoding.UTF8, "application/x-www-form-urlencoded");

        await (await _backend.SendAsync(request)).ShouldBeRefusedAsync(HttpStatusCode.UnsupportedMediaType, "not_json");
    }

    [Fact]
    public async Task While_Redis_is_away_a_backend_is_told_to_try_again()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        await node.MintAsync("alice");
        redis.Kill();

        foreach (var path in Paths.Select<object[], string>(row => (string)row[0]))
        {
            object body = path switch
            {
                "/api/tokens" => new { sub = "alice" },
                "/api/messages" => new { messages = new object[] { new { address = "everyone", type = "t" }, new { } } },
                _ => new { type = "t" },
            };
            var answer = await node.Client.SendAsync(Node.Api(path, body));

            await answer.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
            answer.Headers.RetryAfter!.Delta.Should().BePositive();
        }
    }
}
