using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>An idempotency key is its backend's own, and under it there is one message.</summary>
public sealed class IdempotencyScopeTests : IAsyncLifetime
{
    private const string OldKey = "the shop's old key";
    private const string NewKey = "the shop's new key";

    private static readonly Address Alice = Address.User("alice");

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_backends_with_the_same_key_at_the_same_address_publish_two_messages(bool inRedis)
    {
        await using var node = Start(inRedis);

        var shops = await IdAsync(await PublishAsync(node, NewKey, """{"type":"t","payload":1,"idempotencyKey":"7"}"""));
        var others = await IdAsync(await PublishAsync(node, Node.ApiKey, """{"type":"t","payload":2,"idempotencyKey":"7"}"""));
        var own = await node.Publisher.PublishAsync(Alice, "t", 3, new PublishOptions { IdempotencyKey = "7" });

        new[] { shops, others, own }.Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_keys_of_one_name_are_one_backend(bool inRedis)
    {
        await using var node = Start(inRedis);
        const string Message = """{"type":"t","payload":1,"idempotencyKey":"7"}""";

        var first = await IdAsync(await PublishAsync(node, OldKey, Message));
        var second = await IdAsync(await PublishAsync(node, NewKey, Message));

        second.Should().Be(first);
    }

    [Theory]
    [InlineData("""{"type":"t","payload":{"a":1},"idempotencyKey":"7"}""", true)]
    [InlineData("""{"idempotencyKey":"7","type":"t","payload":{"a":1}}""", true)]
    [InlineData("""{"type":"t","payload":{"a":1},"idempotencyKey":"7","ttlSeconds":5}""", true)]
    [InlineData("""{"type":"\u0074","payload":{"a":1},"idempotencyKey":"7"}""", true)]
    [InlineData("""{"type":"t","payload":{"a":2},"idempotencyKey":"7"}""", false)]
    [InlineData("""{"type":"t","payload":{"a": 1},"idempotencyKey":"7"}""", false)]
    [InlineData("""{"type":"u","payload":{"a":1},"idempotencyKey":"7"}""", false)]
    [InlineData("""{"type":"t","idempotencyKey":"7"}""", false)]
    public async Task Under_a_key_there_is_one_message_over_HTTP_and_in_a_batch(string again, bool isTheSame)
    {
        await using var node = Start(inRedis: true);
        var first = await IdAsync(await PublishAsync(node, OldKey, """{"type":"t","payload":{"a":1},"idempotencyKey":"7"}"""));

        var single = await PublishAsync(node, OldKey, again);
        var batch =
            await SendAsync(node, OldKey, "/api/messages", $$"""{"messages":[{"address":"user:alice",{{again[1..]}},{"address":"user:alice","type":"next","idempotencyKey":"8"}]}""");

        var results = (await batch.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results");
        results[1].TryGetProperty("id", out _).Should().BeTrue();
        if (isTheSame)
        {
            (await IdAsync(single)).Should().Be(first);
            results[0].GetProperty("id").GetString().Should().Be(first);
            return;
        }

        await single.ShouldBeRefusedAsync(HttpStatusCode.Conflict, "idempotency_conflict");
        results[0].GetProperty("code").GetString().Should().Be("idempotency_conflict");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_process_another_message_is_an_exception_with_a_name(bool inRedis)
    {
        await using var node = Start(inRedis);
        var once = new PublishOptions { IdempotencyKey = "7" };
        var first = await node.Publisher.PublishAsync(Alice, "t", 1, once);

        await node.Publisher.Awaiting(publisher => publisher.PublishAsync(Alice, "t", 2, once)).Should()
            .ThrowAsync<IdempotencyConflictException>();

        (await node.Publisher.PublishAsync(Alice, "t", 1, once)).Should().Be(first);
    }

    [Fact]
    public async Task On_the_command_line_it_is_refused()
    {
        string[] arguments = ["publish", "--user", "alice", "--type", "t", "--idempotency-key", "7", "--Redis:Connection", CommandRun.Patiently(_redis)];
        (await CommandRun.OfAsync([.. arguments, "--payload", "1"])).ExitCode.Should().Be(0);

        var run = await CommandRun.OfAsync([.. arguments, "--payload", "2"]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("stands for another message");
    }

    private Node Start(bool inRedis)
    {
        (string, string)[] shop = [("Api:Keys:shop", $"{Node.Sha256(OldKey)},{Node.Sha256(NewKey)}")];
        return inRedis ? Node.On(_redis, shop) : new Node(shop);
    }

    private static Task<HttpResponseMessage> PublishAsync(Node node, string key, string message) => SendAsync(node, key, "/api/users/alice/messages", message);

    private static async Task<HttpResponseMessage> SendAsync(Node node, string key, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { { "X-Api-Key", key } },
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        return await node.Client.SendAsync(request);
    }

    private static async Task<string?> IdAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
}
