using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;
using StackExchange.Redis;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Tests.Connections;

/// <summary>A host keeps what is its own, and the hub what is the hub's.</summary>
public sealed class HostServicesTests : IAsyncLifetime
{
    private readonly RedisServer _ours = new();
    private readonly RedisServer _hosts = new();

    public Task InitializeAsync() => Task.WhenAll(_ours.InitializeAsync(), _hosts.InitializeAsync());

    public Task DisposeAsync() => Task.WhenAll(_ours.DisposeAsync(), _hosts.DisposeAsync());

    [Fact]
    public async Task A_publisher_reaches_the_hub_though_its_host_has_a_connection_to_another_Redis()
    {
        await using var node = Node.On(_ours);
        await using var alice = node.ClientFor("alice");
        var received = await Received.ByAsync(alice);
        await using var hosts = await ConnectionMultiplexer.ConnectAsync(_hosts.Connection);
        await using var worker = Worker(services => services.AddSingleton<IConnectionMultiplexer>(hosts).AddRealtimeHubPublisher());

        await worker.GetRequiredService<IPublisher>().PublishAsync(Address.User("alice"), "hello", 1);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
        _hosts.Server.Keys().Should().BeEmpty();
    }

    [Fact]
    public async Task Whoever_asks_the_host_for_a_connection_is_not_given_the_hubs()
    {
        await using var hosts = await ConnectionMultiplexer.ConnectAsync(_hosts.Connection);
        await using var with = Worker(services => services.AddRealtimeHubPublisher().TryAddSingleton<IConnectionMultiplexer>(hosts));
        await using var without = Worker(services => services.AddRealtimeHubPublisher());

        with.GetRequiredService<IConnectionMultiplexer>().Should().BeSameAs(hosts);
        without.GetService<IConnectionMultiplexer>().Should().BeNull();
    }

    [Fact]
    public async Task A_backplane_that_the_host_has_for_its_own_hubs_stays_where_the_host_has_put_it()
    {
        await using var host = await StartAsync(services => services.AddSignalR().AddStackExchangeRedis(_hosts.Connection));
        await using var chat = ConnectionTo(host, "chat");
        await chat.StartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(ChannelsOf(_hosts).Any(channel => channel.Contains(nameof(ChatHub)))));
        ChannelsOf(_ours).Should().NotContain(channel => channel.Contains(nameof(ChatHub)));
    }

    [Fact]
    public async Task Sharing_the_hubs_connection_without_a_Redis_ends_the_start_with_a_sentence()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Services.AddSignalR().AddRealtimeHubBackplane();
        await using var host = builder.Build();

        var start = () => host.StartAsync();

        (await start.Should().ThrowAsync<OptionsValidationException>()).WithMessage("Redis:Connection is empty. AddRealtimeHubBackplane()*");
    }

    [Fact]
    public async Task A_user_is_who_the_token_says_whatever_the_hosts_hubs_call_their_users()
    {
        await using var host = await StartAsync(services => services.AddSingleton<IUserIdProvider, UsersByConnection>());
        await using var alice = ConnectionTo(host, "hub");
        var received = await Received.ByAsync(alice);

        await host.Services.GetRequiredService<IPublisher>().PublishAsync(Address.User("alice"), "hello", 1);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
    }

    [Fact]
    public async Task Names_in_JSON_are_the_contracts_whatever_the_host_calls_its_own()
    {
        await using var host = await StartAsync(services =>
        {
            services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper);
            services.AddSignalR()
                .AddJsonProtocol(json => json.PayloadSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper);
        });
        await using var alice = ConnectionTo(host, "hub");
        await alice.StartAsync();
        await host.Services.GetRequiredService<IPublisher>().PublishAsync(Address.User("alice"), "hello", 1);
        using var http = new HttpClient();

        var answer = await alice.InvokeAsync<JsonElement>("Resume", new { cursors = new Dictionary<string, string>(), from = "retained" });
        var refusal = JsonDocument.Parse(await (await http.PostAsync($"{AddressOf(host)}/hub/negotiate", null)).Content.ReadAsStringAsync()).RootElement;

        var user = answer.GetProperty("addresses").GetProperty("user:alice");
        user.GetProperty("recovered").GetBoolean().Should().BeTrue();
        user.GetProperty("messages")[0].GetProperty("type").GetString().Should().Be("hello");
        refusal.GetProperty("code").GetString().Should().Be("token_missing");
    }

    private static IEnumerable<string> ChannelsOf(RedisServer redis) =>
        redis.Server.SubscriptionChannels().Select(channel => channel.ToString());

    private static HubConnection ConnectionTo(WebApplication host, string hub) =>
        new HubConnectionBuilder().WithUrl($"{AddressOf(host)}/{hub}", options => options.AccessTokenProvider = async () =>
            (await host.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = "alice" })).Reveal()).Build();

    private static string AddressOf(WebApplication host) =>
        host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    private ServiceProvider Worker(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Redis:Connection", (string?)_ours.Connection)]).Build());
        register(services);
        return services.BuildServiceProvider();
    }

    private async Task<WebApplication> StartAsync(Action<IServiceCollection> register)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Redis:Connection", _ours.Connection]);
        builder.Services.AddAuthentication().AddSingleUseToken();
        register(builder.Services);
        builder.Services.AddPushHub();
        var host = builder.Build();
        host.MapPushHub();
        host.MapHub<ChatHub>("/chat").RequireSingleUseToken();
        await host.StartAsync();
        return host;
    }

    private sealed class ChatHub : Hub;

    private sealed class UsersByConnection : IUserIdProvider
    {
        public string GetUserId(HubConnectionContext connection) => connection.ConnectionId;
    }
}
