using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using RealtimeHub.Control;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Operations;
using RealtimeHub.Presence;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Ingress;

/// <summary>The OpenAPI document, beside what the API really does and what docs/protocol.md says.</summary>
public sealed partial class ApiReferenceTests(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    /// <summary>What every path refuses, and so the document as a whole says.</summary>
    private static readonly string[] OfNoPath = ["404 not_found", "405 method_not_allowed"];

    /// <summary>What is never the same twice.</summary>
    private static readonly Dictionary<string, JsonTypeInfo> Changing = new()
    {
        ["/api/users/{user}/follow"] = ApiJson.Default.FollowedEvent,
        ["/api/load"] = ApiJson.Default.LoadAnswer,
    };

    public static TheoryData<string> Paths => ApiTests.Paths;

    [Fact]
    public async Task It_is_written_again_if_it_could_not_be_written()
    {
        var asked = 0;
        var document = new WrittenDocument(new ServiceCollection().AddKeyedSingleton<IOpenApiDocumentProvider>("v1", (_, _) => asked++ == 0
            ? throw new RegexMatchTimeoutException()
            : node.Node.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1")).BuildServiceProvider());

        await document.Invoking(broken => broken.AnswerAsync()).Should().ThrowAsync<RegexMatchTimeoutException>();

        (await document.AnswerAsync()).Should().BeOfType<FileContentHttpResult>();
    }

    [Fact]
    public async Task It_is_written_once_however_often_it_is_asked_for()
    {
        var document = node.Node.Services.GetRequiredService<WrittenDocument>();

        var first = (FileContentHttpResult)await document.AnswerAsync();

        (await document.AnswerAsync()).Should().BeOfType<FileContentHttpResult>().Which.FileContents.Equals(first.FileContents).Should()
            .BeTrue();
    }

    [Fact]
    public async Task It_is_a_valid_OpenAPI_3_1_document()
    {
        var read = await ReadAsync();

        read.Diagnostic!.Errors.Should().BeEmpty();
        read.Diagnostic.Warnings.Should().BeEmpty();
        read.Diagnostic.SpecificationVersion.Should().Be(OpenApiSpecVersion.OpenApi3_1);
    }

    [Fact]
    public async Task It_describes_every_endpoint_of_the_API_and_no_other()
    {
        var document = (await ReadAsync()).Document!;
        var endpoints = node.Node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), endpoint.Metadata))
            .Where(endpoint => endpoint.Path.StartsWith("/api", StringComparison.Ordinal))
                .ToLookup(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null, endpoint => endpoint.Path);

        document.Paths.SelectMany(path => path.Value.Operations!.Keys, (path, _) => path.Key).Should().BeEquivalentTo(endpoints[true]);
        endpoints[false].Should().BeEquivalentTo(
            [.. document.Paths.Keys, "/api/{**rest}", "/api/users/status"], "what is not described only refuses, but for a user called status");
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_it_says_of_a_path_is_what_the_path_does(string path)
    {
        var operation = Operations((await ReadAsync()).Document!, HttpMethod.Post).Single(described => Matches(described.Key, path)).Value;
        var body = operation.RequestBody!.Content!.Single().Value.Example!.ToJsonString();
        var (success, answer) = operation.Responses!.Single(response => response.Key.StartsWith('2'));

        var real = await SendAsync(node.Node, path, body);

        $"{(int)real.StatusCode}".Should().Be(success);
        new JsonExample(answer.Content!.Single().Value.Example!.ToJsonString()).ShouldMatch(await real.Content.ReadAsStringAsync());
        (await RefusalsOfAsync(path, body)).Should().BeEquivalentTo(RefusalsIn(operation));
    }

    [Fact]
    public async Task Its_examples_of_answers_have_the_shape_of_what_is_answered()
    {
        await using var fresh = new Node();
        using var alice = await RawSocket.OpenAsync(fresh, await fresh.MintAsync("alice", "room1"), "?heads=true&client=Microsoft%20SignalR/10.0");
        await alice.ReadMessageAsync();
        await fresh.Services.GetRequiredService<IGroupControl>().AddAsync("alice", "trial", DateTimeOffset.MaxValue);
        var id = fresh.Services.GetRequiredService<NodeId>().Value;
        var (toAlice, toRoom) = (await HandledAsync(fresh, alice, Address.User("alice")), await HandledAsync(fresh, alice, Address.Group("room1")));
        var described = (await ReadAsync()).Document!.Paths
            .SelectMany(path => path.Value.Operations!, (path, operation) => (path.Key, operation))
            .Where(one => !Changing.ContainsKey(one.Key));

        foreach (var (path, (method, operation)) in described.OrderBy(one => one.operation.Key == HttpMethod.Get ? 0 : 1))
        {
            var (success, answer) = operation.Responses!.Single(response => response.Key.StartsWith('2'));
            var body = operation.RequestBody?.Content!.Single().Value.Example!.ToJsonString();
            var named = Regex.Replace(path, @"\{(\w+)\}", name => NameOf(name.Groups[1].Value, id, toAlice, toRoom, path));
            using var request = new HttpRequestMessage(method, named + QueryOf(path, toAlice))
            {
                Headers = { { "X-Api-Key", Node.ApiKey } },
                Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            };

            var real = await fresh.Client.SendAsync(request);

            $"{(int)real.StatusCode}".Should().Be(success, $"{method} {path}");
            ShapeOf(JsonElement.Parse(await real.Content.ReadAsStringAsync())).Should()
                .Be(ShapeOf(JsonElement.Parse(answer.Content!.Single().Value.Example!.ToJsonString())), $"{method} {path}");
        }
    }

    [Fact]
    public async Task Its_examples_of_what_always_changes_have_the_shape_of_what_is_written()
    {
        var paths = (await ReadAsync()).Document!.Paths;
        foreach (var (path, type) in Changing)
        {
            var example = paths[path].Operations![HttpMethod.Get].Responses!["200"].Content!.Single().Value.Example!.ToJsonString();

            var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(example, type), type);

            ShapeOf(JsonElement.Parse(written)).Should().Be(ShapeOf(JsonElement.Parse(example)), path);
        }
    }

    [Fact]
    public async Task Its_refusals_are_those_of_the_page()
    {
        var described = (await ReadAsync()).Document!.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(RefusalsIn);

        described.Concat(OfNoPath).Distinct().Should().BeEquivalentTo(
            RefusalRow().Matches(Section("### What it refuses")).Select(row => $"{row.Groups["status"].Value} {row.Groups["code"].Value}"));
    }

    [Fact]
    public async Task Its_examples_of_refusals_are_problem_details_with_their_code()
    {
        var responses = (await ReadAsync()).Document!.Paths.Values.SelectMany(path => path.Operations!.Values)
            .SelectMany(operation => operation.Responses!)
            .Where(response => !response.Key.StartsWith('2'));

        foreach (var (status, response) in responses)
        {
            var content = response.Content!.Should().ContainSingle().Which;
            content.Key.Should().Be("application/problem+json");
            content.Value.Examples!.Should().OnlyContain(example => CodeOf(example.Value) == example.Key && $"{example.Value.Value!["status"]}" == status);
            response.Headers?.ContainsKey("Retry-After").Should().Be(status is "429" or "503");
        }
    }

    [Fact]
    public async Task Its_bodies_have_the_fields_and_limits_of_the_code()
    {
        var schemas = (await ReadAsync()).Document!.Components!.Schemas!;

        foreach (var (name, type) in new (string, JsonTypeInfo)[]
        {
            ("TokenRecord", ApiJson.Default.TokenRecord), ("MessageRequest", ApiJson.Default.MessageRequest), ("BatchMessage", ApiJson.Default.BatchMessage),
            ("BatchRequest", ApiJson.Default.BatchRequest), ("BatchAnswer", ApiJson.Default.BatchAnswer), ("PublishedMessage", ApiJson.Default.PublishedMessage),
            ("UserStatus", ApiJson.Default.UserStatus), ("UserStatusPage", ApiJson.Default.UserStatusPage),
            ("UserConnection", ApiJson.Default.UserConnection), ("UserConnections", ApiJson.Default.UserConnections),
            ("UsersRequest", ApiJson.Default.UsersRequest), ("UsersAnswer", ApiJson.Default.UsersAnswer),
            ("NodeStatus", ApiJson.Default.NodeStatus), ("NodesAnswer", ApiJson.Default.NodesAnswer), ("DrainAnswer", ApiJson.Default.DrainAnswer),
            ("EndRequest", ApiJson.Default.EndRequest), ("BanRequest", ApiJson.Default.BanRequest), ("EndedConnections", ApiJson.Default.EndedConnections),
            ("AskedConnections", ApiJson.Default.AskedConnections),
            ("MessageStatus", ApiJson.Default.MessageStatus), ("ReachedConnection", ApiJson.Default.ReachedConnection),
            ("DeviceReceipt", ApiJson.Default.DeviceReceipt), ("GroupReceipts", ApiJson.Default.GroupReceipts),
            ("MessageExplanation", ApiJson.Default.MessageExplanation), ("FollowedEvent", ApiJson.Default.FollowedEvent),
            ("AddressLog", ApiJson.Default.AddressLog), ("AddressLogMessage", ApiJson.Default.AddressLogMessage),
            ("LoadAnswer", ApiJson.Default.LoadAnswer), ("Alarm", ApiJson.Default.Alarm), ("LoadSample", ApiJson.Default.LoadSample),
            ("NodeLoad", ApiJson.Default.NodeLoad), ("SlowConnection", ApiJson.Default.SlowConnection),
            ("SettingsAnswer", ApiJson.Default.SettingsAnswer), ("ChangedSetting", ApiJson.Default.ChangedSetting),
            ("GroupChange", ApiJson.Default.GroupChange), ("UserGroup", ApiJson.Default.UserGroup), ("GroupsAnswer", ApiJson.Default.GroupsAnswer),
        })
        {
            schemas[name].Properties!.Keys.Should().BeEquivalentTo(type.Properties.Select(property => property.Name), name);
            schemas[name].Properties!.Values.Should().OnlyContain(property => !string.IsNullOrEmpty(property.Description), name);
            schemas[name].Required.Should().BeEquivalentTo(type.Properties.Where(IsAlwaysThere).Select(property => property.Name), name);
        }

        schemas["Identifier"].MaxLength.Should().Be(Identifier.MaxLength);
        schemas["TokenRecord"].Properties!["groups"].MaxItems.Should().Be(TokenRecord.MaxGroups);
        schemas["TokenRecord"].Properties!["sid"].MaxLength.Should().Be(Identifier.MaxLength);
        schemas["TokenRecord"].Properties!["labels"].MaxItems.Should().Be(TokenRecord.MaxLabels);
        schemas["TokenRecord"].Properties!["labels"].Items!.MaxLength.Should().Be(TokenRecord.MaxLabelLength);
        schemas["TokenRecord"].Properties!["mayJoin"].MaxItems.Should().Be(TokenRecord.MaxPatterns);
        schemas["MessageRequest"].Properties!["type"].MaxLength.Should().Be(PushMessage.MaxTypeLength);
        schemas["MessageRequest"].Properties!["idempotencyKey"].MaxLength.Should().Be(Identifier.MaxLength);
        schemas["MessageRequest"].Properties!["ttlSeconds"].Maximum.Should().Be($"{PublishOptions.LongestTimeToLive.TotalSeconds}");
        schemas["BatchRequest"].Properties!["messages"].MaxItems.Should().Be(BatchRequest.MaxMessages);
    }

    [Fact]
    public async Task It_says_how_to_show_a_key_and_asks_for_none()
    {
        var (text, document) = (await node.Node.Client.GetStringAsync("/openapi/v1.json"), (await ReadAsync()).Document!);

        var scheme = document.Components!.SecuritySchemes!["ApiKey"];
        (scheme.Type, scheme.In, scheme.Name).Should().Be((SecuritySchemeType.ApiKey, ParameterLocation.Header, "X-Api-Key"));
        document.Security!.Single().Keys.Single().Reference.Id.Should().Be("ApiKey");
        text.Should().NotContainAny(Node.ApiKey, Node.Sha256(Node.ApiKey));
    }

    [Fact]
    public async Task The_page_can_speak_to_its_own_host_only()
    {
        var page = await node.Node.Client.GetAsync("/openapi/");

        page.EnsureSuccessStatusCode();
        page.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'self';").And.NotContain("http");
        (await page.Content.ReadAsStringAsync()).Should().NotContain("//");
    }

    /// <summary>Every status and code with which a path refuses, provoked.</summary>
    private async Task<HashSet<string>> RefusalsOfAsync(string path, string body)
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var away = Node.On(redis);
        (await SendAsync(away, path, body)).EnsureSuccessStatusCode();
        redis.Kill();
        await using var busy = new Node(("Api:MessagesPerSecond", "1"));
        await SendAsync(busy, "/api/messages", JsonSerializer.Serialize(new { messages = Enumerable.Range(0, 1_000) }));

        await using var limited = new Node(("Api:Keys:reader", Node.Sha256("r")), ("Api:Scopes:reader", "read"));

        HttpResponseMessage[] refusals =
        [
            await SendAsync(
                node.Node, path, "{"), await SendAsync(node.Node, path, body, key: "a wrong one"), await SendAsync(node.Node, path, body, type: "text/plain"),
            await SendAsync(node.Node, path, new string(' ', 5 * 1024 * 1024)),
            await SendAsync(limited, path, body, key: "r"),
            .. path.StartsWith("/api/users/", StringComparison.Ordinal) && path.EndsWith("/messages", StringComparison.Ordinal)
                ? [await SendAsync(node.Node, path + "?wait=read", body)]
                : Array.Empty<HttpResponseMessage>(),
                await UntilRefusedAsync(busy, path, body), await SendAsync(away, path, body),
            .. path.Contains("alice") || path.Contains("room1")
                ? [await SendAsync(node.Node, Regex.Replace(path, "alice|room1", "%07"), body)]
                : Array.Empty<HttpResponseMessage>(),
            .. path.EndsWith("/messages", StringComparison.Ordinal) && path != "/api/messages"
                ? [await ConflictAsync(path, body)]
                : Array.Empty<HttpResponseMessage>(),
        ];
        return [.. await Task.WhenAll(refusals.Select(async refusal =>
            $"{(int)refusal.StatusCode} {JsonDocument.Parse(await refusal.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()}"))];
    }

    private async Task<HttpResponseMessage> ConflictAsync(string path, string body)
    {
        body.Should().Contain("idempotencyKey");
        (await SendAsync(node.Node, path, body)).EnsureSuccessStatusCode();
        return await SendAsync(node.Node, path, body.Replace("\"id\":7", "\"id\":8", StringComparison.Ordinal));
    }

    // On a machine that is busy enough the bucket has one again when this comes.
    private static async Task<HttpResponseMessage> UntilRefusedAsync(Node busy, string path, string body)
    {
        var answer = await SendAsync(busy, path, body);
        return answer.IsSuccessStatusCode ? await UntilRefusedAsync(busy, path, body) : answer;
    }

    /// <summary>What a body must have; of an answer, what it always has.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo property) => property.IsRequired
        || property.AssociatedParameter is { IsMemberInitializer: false }
            && !property.AttributeProvider!.IsDefined(typeof(JsonIgnoreAttribute), inherit: false)
        || property.Name == "labels" && property.DeclaringType == typeof(UserConnection);

    private static IEnumerable<KeyValuePair<string, OpenApiOperation>> Operations(OpenApiDocument document, HttpMethod method) =>
        from path in document.Paths
        from operation in path.Value.Operations!
        where operation.Key == method
        select KeyValuePair.Create(path.Key, operation.Value);

    private static string NameOf(string parameter, string node, string toAlice, string toRoom, string path) => parameter switch
    {
        "user" => "alice",
        "group" => "room1",
        "node" => node,
        "id" => path.StartsWith("/api/users", StringComparison.Ordinal) ? toAlice : toRoom,
        _ => "none",
    };

    private static string QueryOf(string path, string message) => path switch
    {
        "/api/explain" => $"?user=alice&message={message}",
        "/api/log" => "?address=user:alice",
        _ => "",
    };

    /// <summary>Publishes a message, which is handled when this returns.</summary>
    private static async Task<string> HandledAsync(Node fresh, RawSocket client, Address address)
    {
        var lasting = new PublishOptions { TimeToLive = TimeSpan.FromHours(1) };
        var publisher = fresh.Services.GetRequiredService<Publisher>();
        var message = CheckedPublication.Of(Publication.Of(address, "t", 1, lasting)).From("api/shop");
        var (before, id) = (await publisher.PublishAsync(message), await publisher.PublishAsync(message));
        var handled = new Dictionary<string, object> { [address.ToString()] = new { after = before, upTo = id } };
        var call = new { type = 1, target = "Handled", arguments = new[] { new { device = "d", addresses = handled } } };
        await client.SayAsync(JsonSerializer.Serialize(call));
        var receipts = fresh.Services.GetRequiredService<IReceipts>();
        await Eventually.HoldsAsync(async () => (await receipts.OfAsync(address)).Count == 1);
        return id;
    }

    /// <summary>Which fields there are, of what kind.</summary>
    private static string ShapeOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', json.EnumerateObject().Select(field => $"{field.Name}:{ShapeOf(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join('|', json.EnumerateArray().Select(ShapeOf).Distinct())}]",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString(),
    };

    private static IEnumerable<string> RefusalsIn(OpenApiOperation operation) =>
        from response in operation.Responses!
        where !response.Key.StartsWith('2')
        from code in response.Value.Content!.Single().Value.Schema!.AllOf!.Last().Properties!["code"].Enum!
        select $"{response.Key} {code}";

    private static string? CodeOf(IOpenApiExample example) => (string?)example.Value!["code"];

    private static bool Matches(string pattern, string path) => Regex.IsMatch(path, $"^{Regex.Replace(pattern, @"\{\w+\}", "[^/]+")}$");

    private static string Section(string heading) => Page.Text("docs/protocol.md").Split(heading)[1].Split("\n#")[0];

    private static Task<HttpResponseMessage> SendAsync(Node to, string path, string body, string key = Node.ApiKey, string type = "application/json") =>
        to.Client.SendAsync(new HttpRequestMessage(
            HttpMethod.Post, path)
        { Headers = { { "X-Api-Key", key } }, Content = new StringContent(body, Encoding.UTF8, type) });

    private async Task<ReadResult> ReadAsync() => OpenApiDocument.Parse(await node.Node.Client.GetStringAsync("/openapi/v1.json"));

    [GeneratedRegex(@"^\| (?<status>\d+) \| `(?<code>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex RefusalRow();
}
