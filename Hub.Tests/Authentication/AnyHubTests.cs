using System.Buffers;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Connections;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

/// <summary>A host of its own, with a hub of its own and nothing of ours but the scheme.</summary>
public sealed class AnyHubTests : IAsyncLifetime
{
    private const string Full = """{"error":"full","connectionId":"none"}""";

    private readonly Log _log = new();
    private WebApplication _host = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Trace", "--Logging:LogLevel:Microsoft.AspNetCore", "Trace"]);
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSignalR();
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.Configure<Microsoft.AspNetCore.Builder.WebSocketOptions>(options => options.AllowedOrigins.Add("https://app.example"));
        _host = builder.Build();
        _host.MapHub<ChatHub>("/chat", options => options.AllowStatefulReconnects = true).RequireSingleUseToken();
        _host.MapHub<ChatHub>("/other").RequireSingleUseToken();
        _host.MapHub<ChatHub>("/{tenant}/rooms").RequireSingleUseToken();
        var group = _host.MapGroup("/group").RequireSingleUseToken();
        group.MapHub<ChatHub>("/all");
        group.MapHub<ChatHub>("/polling", options => options.Transports = HttpTransportType.LongPolling);
        _host.MapHub<ChatHub>("/open");
        _host.MapHub<ChatHub>("/full").RequireSingleUseToken().Add(AnswerNegotiates);
        await _host.StartAsync();
        _address = new Uri(
            _host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _log.Leaks.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(DeliveryTests.Transports), MemberType = typeof(DeliveryTests))]
    public async Task Its_users_are_who_their_tokens_say(HttpTransportType transport, bool skipNegotiation)
    {
        var record = new TokenRecord
        {
            Subject = "alice",
            Name = "Alice",
            Roles = ["editor"],
            Claims = new Dictionary<string, IReadOnlyList<string>> { ["plan"] = ["gold"] },
            SessionId = "s1",
            Labels = ["tenant:7", "beta"],
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        };
        await using var client = Connection(record, transport, skipNegotiation).Build();
        await client.StartAsync();

        var me = await client.InvokeAsync<Identity>("WhoAmI");

        me.Should().Be(new Identity("alice", "Alice", IsEditor: true, "gold", "s1", "tenant:7 beta", "4000000000"));
    }

    [Fact]
    public async Task A_stateful_reconnect_comes_back_to_the_same_connection()
    {
        var token = 0;
        var sockets = new BreakableSockets();
        await using var client = new HubConnectionBuilder().WithUrl(new Uri(_address, "chat"), HttpTransportType.WebSockets, options =>
        {
            options.AccessTokenProvider = async () =>
            {
                token++;
                return await MintAsync("alice");
            };
            options.WebSocketFactory = sockets.OpenAsync;
        }).WithStatefulReconnect().Build();
        await client.StartAsync();
        var id = await client.InvokeAsync<string>("ConnectionId");

        sockets.Break();

        (await client.InvokeAsync<string>("ConnectionId")).Should().Be(id);
        sockets.Opened.Should().Be(2);
        token.Should().Be(1, "the grant opens the connection again");
    }

    [Fact]
    public async Task Each_hub_of_a_group_keeps_the_settings_that_it_was_mapped_with()
    {
        await using var all = Connection("group/all", HttpTransportType.WebSockets);
        await all.StartAsync();
        await using var polling = Connection("group/polling", HttpTransportType.LongPolling);
        await polling.StartAsync();
        await using var socket = Connection("group/polling", HttpTransportType.WebSockets);

        (await all.InvokeAsync<string>("ConnectionId")).Should().NotBeEmpty();
        (await polling.InvokeAsync<string>("ConnectionId")).Should().NotBeEmpty();
        await socket.Awaiting(refused => refused.StartAsync()).Should().ThrowAsync<Exception>("it was mapped without WebSockets");

        HubConnection Connection(string path, HttpTransportType transport) =>
            new HubConnectionBuilder().WithUrl(new Uri(_address, path), transport, options =>
            {
                options.AccessTokenProvider = async () => await MintAsync("alice");
                options.SkipNegotiation = transport == HttpTransportType.WebSockets;
            }).Build();
    }

    [Fact]
    public async Task A_websocket_that_is_refused_falls_back_without_another_token()
    {
        var tokens = 0;
        await using var client = new HubConnectionBuilder().WithUrl(new Uri(_address, "chat"), options =>
        {
            options.AccessTokenProvider = async () =>
            {
                tokens++;
                return await MintAsync("alice");
            };
            options.WebSocketFactory = (_, _) => throw new System.Net.WebSockets.WebSocketException("a proxy in the way");
        }).Build();

        await client.StartAsync();

        (await client.InvokeAsync<Identity>("WhoAmI")).User.Should().Be("alice");
        tokens.Should().Be(1);
    }

    [Fact]
    public async Task A_negotiated_connection_of_the_oldest_protocol_is_bound_as_well()
    {
        using var http = new HttpClient { BaseAddress = _address };
        var answer = await (await SendAsync(http, HttpMethod.Post, "chat/negotiate", await MintAsync("alice"))).Content.ReadFromJsonAsync<JsonElement>();
        var (id, grant) = (answer.GetProperty("connectionId").GetString(), answer.GetProperty("accessToken").GetString()!);

        (await SendAsync(http, HttpMethod.Get, $"chat?id={id}", await MintAsync("mallory"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await SendAsync(http, HttpMethod.Get, $"chat?id={id}", grant)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_connection_that_was_never_negotiated_is_reached_by_its_own_socket_only()
    {
        await using var client = Connection(new TokenRecord { Subject = "alice" }, HttpTransportType.WebSockets, skipNegotiation: true).Build();
        await client.StartAsync();
        var id = await client.InvokeAsync<string>("ConnectionId");
        using var http = new HttpClient { BaseAddress = _address };

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete])
        {
            (await SendAsync(http, method, $"chat?id={id}", await MintAsync("mallory"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
            (await SendAsync(http, method, $"chat?id={id}", await MintAsync("alice"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        }

        (await client.InvokeAsync<string>("ConnectionId")).Should().Be(id, "the connection is untouched");
    }

    [Theory]
    [InlineData("chat", "other")]
    [InlineData("other", "chat")]
    [InlineData("blue/rooms", "red/rooms")]
    public async Task What_was_negotiated_at_one_of_its_hubs_opens_nothing_at_another(string own, string other)
    {
        using var http = new HttpClient { BaseAddress = _address };
        var (there, here) = (new RawHub(http, other), new RawHub(http, own));
        var token = await MintAsync("alice");
        var (connection, grant) = await here.NegotiatedAsync(token);

        foreach (var credential in (string[])[token, grant, await MintAsync("alice")])
        {
            await (await there.PollAsync(connection, credential)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
            await (await there.PostAsync(connection, credential, "{\"type\":6}\u001e")).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
            await (await there.DeleteAsync(connection, credential)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
            await (await there.UpgradeAsync($"id={connection}&access_token={credential}")).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        }

        await (await there.NegotiateAsync(grant)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        await here.OpenAsync(connection, grant);
    }

    [Fact]
    public async Task A_hub_that_asks_for_no_token_finds_no_connection_of_one_that_does()
    {
        using var http = new HttpClient { BaseAddress = _address };
        var (protectedHub, open) = (new RawHub(http, "chat"), new RawHub(http, "open"));
        var (connection, grant) = await protectedHub.NegotiatedAsync(await MintAsync("alice"));
        await protectedHub.OpenAsync(connection, grant);

        (await open.PollAsync(connection, null)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await open.PostAsync(connection, null, "{\"type\":7}\u001e")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await open.DeleteAsync(connection, null)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await protectedHub.PostAsync(connection, grant, "{\"type\":6}\u001e")).StatusCode.Should().Be(HttpStatusCode.OK, "the connection is untouched");
    }

    [Fact]
    public async Task A_grant_that_is_used_up_makes_SignalR_create_no_connection()
    {
        using var http = new HttpClient { BaseAddress = _address };
        var hub = new RawHub(http, "chat");
        var (connection, opened) = await hub.NegotiatedAsync(await MintAsync("alice"));
        await hub.OpenAsync(connection, opened);
        var (_, exhausted) = await hub.NegotiatedAsync(await MintAsync("bob"));
        for (var negotiates = 1; negotiates < 8; negotiates++)
        {
            await hub.NegotiatedAsync(exhausted);
        }

        foreach (var grant in (string[])[opened, exhausted])
        {
            await (await hub.NegotiateAsync(grant)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
        }

        _log.Lines.Count(line => line.Contains(" CreatedNewConnection: ", StringComparison.Ordinal)).Should().Be(9);
    }

    [Fact]
    public async Task What_the_host_answers_to_a_negotiate_itself_reaches_the_client_as_it_stands()
    {
        using var http = new HttpClient { BaseAddress = _address };

        var answer = await new RawHub(http, "full").NegotiateAsync(await MintAsync("alice"));

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).Should().Be(Full);
    }

    [Fact]
    public async Task What_the_host_says_of_all_its_WebSockets_holds_for_those_behind_the_token()
    {
        using var http = new HttpClient { BaseAddress = _address };
        var own = _address.GetLeftPart(UriPartial.Authority);

        var answer = await new RawHub(http, "chat").UpgradeAsync($"access_token={await MintAsync("alice")}", ("Origin", own));

        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden, "the token is good, but the host takes sockets of another origin only");
    }

    [Fact]
    public async Task Its_other_endpoints_are_left_alone()
    {
        using var http = new HttpClient { BaseAddress = _address };

        (await http.PostAsync("chat/negotiate?negotiateVersion=1", null)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await http.GetAsync("elsewhere")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static void AnswerNegotiates(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<NegotiateMetadata>().Any())
        {
            endpoint.RequestDelegate = context =>
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(Full)); // The server sends it when the request is over.
                return Task.CompletedTask;
            };
        }
    }

    private IAccessTokenStore Tokens => _host.Services.GetRequiredService<IAccessTokenStore>();

    private async Task<string> MintAsync(string user) => (await Tokens.MintAsync(new TokenRecord { Subject = user })).Reveal();

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Authorization", $"Bearer {token}" } } };
        return await http.SendAsync(request);
    }

    private IHubConnectionBuilder Connection(TokenRecord record, HttpTransportType transport, bool skipNegotiation) =>
        new HubConnectionBuilder().WithUrl(new Uri(_address, "chat"), transport, options =>
        {
            options.AccessTokenProvider = async () => (await Tokens.MintAsync(record)).Reveal();
            options.SkipNegotiation = skipNegotiation;
        });

    public sealed record Identity(string? User, string? Name, bool IsEditor, string? Plan, string? Session, string Labels, string? Expires);

    public sealed class ChatHub : Hub
    {
        public Identity WhoAmI() => new(
            Context.UserIdentifier,
            Context.User!.Identity!.Name,
            Context.User.IsInRole("editor"),
            Context.User.FindFirstValue("plan"),
            Context.User.FindFirstValue("sid"),
            string.Join(' ', Context.User.FindAll("hub:label").Select(label => label.Value)),
            Context.User.FindFirstValue("exp"));

        public string ConnectionId() => Context.ConnectionId;
    }
}
