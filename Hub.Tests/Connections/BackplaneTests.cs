using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>Two nodes of a host that has the push hub, and a hub of its own on SignalR's backplane.</summary>
public sealed class BackplaneTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private WebApplication _first = null!;
    private WebApplication _second = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        (_first, _second) = (await StartAsync(), await StartAsync());
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task A_hosts_own_hub_pushes_over_the_stock_backplane_behind_the_single_use_token()
    {
        await using var alice = ConnectionTo("chat");
        var heard = new TaskCompletionSource<string>();
        alice.On<string>("Hear", heard.SetResult);
        await alice.StartAsync();
        await alice.InvokeAsync<string?>("Whoami");

        await _second.Services.GetRequiredService<IHubContext<ChatHub>>().Clients.User("alice").SendAsync("Hear", "hello");

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be("hello");
    }

    [Fact]
    public async Task Beside_it_the_push_hub_delivers_on_its_own_engine()
    {
        await using var alice = ConnectionTo("hub");
        var received = await Received.ByAsync(alice);

        await _second.Services.GetRequiredService<IPublisher>().PublishAsync(Address.User("alice"), "hello", 1);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
        _redis.Server.SubscriptionChannels().Select(channel => channel.ToString()).Should()
            .NotContain(channel => channel.Contains(nameof(PushHub)));
    }

    [Fact]
    public async Task Both_share_one_connection_to_Redis()
    {
        await using var alice = ConnectionTo("chat");
        await alice.StartAsync();

        var clients = await _redis.Server.ClientListAsync();

        clients.Count(client => client.Name == "RealtimeHub").Should().Be(4, "each of the two nodes has one for commands and one for subscriptions");
    }

    private HubConnection ConnectionTo(string hub)
    {
        var address =
            _first.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new HubConnectionBuilder().WithUrl($"{address}/{hub}", options => options.AccessTokenProvider = async () =>
            (await _first.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = "alice" })).Reveal()).Build();
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Redis:Connection", _redis.Connection]);
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddSignalR().AddRealtimeHubBackplane();
        builder.Services.AddPushHub();
        var host = builder.Build();
        host.MapPushHub();
        host.MapHub<ChatHub>("/chat").RequireSingleUseToken();
        await host.StartAsync();
        return host;
    }

    private sealed class ChatHub : Hub
    {
        public string? Whoami() => Context.UserIdentifier;
    }
}
