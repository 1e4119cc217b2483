using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Tests.Connections;

/// <summary>
/// Redis keeps databases apart in keys, and not in channels. Hubs on different ones hear nothing of each other nevertheless.
/// </summary>
public sealed class DatabaseTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Two_hubs_on_two_databases_of_one_Redis_hear_nothing_of_each_other()
    {
        await using var eight = new Node(("Redis:Connection", $"{_redis.Connection},defaultDatabase=8"));
        await using var nine = new Node(("Redis:Connection", $"redis://{_redis.Connection}/9"));
        await using var alice = nine.ClientFor("alice");
        var received = await Received.ByAsync(alice);

        await eight.Publisher.PublishAsync(Address.Everyone, "theirs", 1);
        await nine.Publisher.PublishAsync(Address.Everyone, "ours", 1);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("ours");
        ChannelsOf(8).Should().NotBeEmpty().And.OnlyContain(channel => channel.StartsWith("hub:db8:"));
    }

    [Fact]
    public async Task Nor_do_the_hubs_that_a_host_has_beside_them()
    {
        await using var eight = await HostAsync(8);
        await using var nine = await HostAsync(9);
        var address = nine.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        await using var alice = new HubConnectionBuilder().WithUrl($"{address}/chat", options => options.AccessTokenProvider = async () =>
            (await nine.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = "alice" })).Reveal()).Build();
        var heard = new TaskCompletionSource<string>();
        alice.On<string>("Hear", text => heard.TrySetResult(text));
        await alice.StartAsync();
        await alice.InvokeAsync<string?>("Whoami");

        await eight.Services.GetRequiredService<IHubContext<ChatHub>>().Clients.All.SendAsync("Hear", "theirs");
        await nine.Services.GetRequiredService<IHubContext<ChatHub>>().Clients.All.SendAsync("Hear", "ours");

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be("ours");
    }

    private IEnumerable<string> ChannelsOf(int database) =>
        _redis.Server.SubscriptionChannels().Select(channel => channel.ToString()).Where(channel => channel.Contains($":db{database}:"));

    private async Task<WebApplication> HostAsync(int database)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Redis:Connection", $"{_redis.Connection},defaultDatabase={database}"]);
        builder.Services.AddPushHub().AddSignalR().AddRealtimeHubBackplane();
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
