using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>Two nodes of a host that lets in who has no token, and so no user.</summary>
public sealed class NamelessTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private WebApplication _first = null!;
    private WebApplication _second = null!;
    private HubConnection _guest = null!;
    private Received _received = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        (_first, _second) = (await StartAsync(), await StartAsync());
        var addresses = _first.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        _guest = new HubConnectionBuilder().WithUrl($"{addresses.Addresses.Single()}/open").Build();
        _received = await Received.ByAsync(_guest);
    }

    public async Task DisposeAsync()
    {
        await _guest.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task A_connection_without_a_user_joins_and_leaves_a_group_from_another_node()
    {
        var (groups, publisher) = (HubOf(_second).Groups, _second.Services.GetRequiredService<IPublisher>());

        await groups.AddToGroupAsync(_guest.ConnectionId!, "room");
        await publisher.PublishAsync(Address.Group("room"), "joined", 1);
        await groups.RemoveFromGroupAsync(_guest.ConnectionId!, "room");
        await publisher.PublishAsync(Address.Group("room"), "left", 1);
        await publisher.PublishAsync(Address.Everyone, "end", 1);

        (await TypeAsync(), await TypeAsync()).Should().Be(("joined", "end"));
    }

    [Fact]
    public async Task It_is_called_from_another_node()
    {
        await HubOf(_second).Clients.Client(_guest.ConnectionId!).Receive(PushMessage.Create(Address.Everyone, "hello", 1));

        (await TypeAsync()).Should().Be("hello");
    }

    [Fact]
    public async Task It_is_found_again_after_Redis_has_lost_it_and_no_more_when_it_has_ended()
    {
        await _redis.Server.FlushAllDatabasesAsync();
        var everyone = _first.Services.GetRequiredService<ConnectionRegistry>().Everyone;

        await _first.Services.GetRequiredService<ConnectionAttachment>().CheckAsync(everyone);

        var notes = await _redis.Database.HashGetAllAsync($"hub:node:{_first.Services.GetRequiredService<NodeId>()}:attached");
        notes.Should().ContainSingle(note => note.Name == _guest.ConnectionId && note.Value == "1 everyone");
        await _guest.StopAsync();
        await Eventually.HoldsAsync(async () => !await _redis.Database.KeyExistsAsync($"hub:node:{_first.Services.GetRequiredService<NodeId>()}:attached"));
    }

    private static IHubContext<PushHub, IPushClient> HubOf(WebApplication host) =>
        host.Services.GetRequiredService<IHubContext<PushHub, IPushClient>>();

    private async Task<string?> TypeAsync() => (await _received.NextAsync()).GetProperty("type").GetString();

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", "--Redis:Connection", _redis.Connection]);
        builder.Services.AddPushHub();
        var host = builder.Build();
        host.MapHub<PushHub>("/open");
        await host.StartAsync();
        return host;
    }
}
