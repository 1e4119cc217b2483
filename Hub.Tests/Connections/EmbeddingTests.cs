using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

public sealed class EmbeddingTests
{
    [Fact]
    public async Task A_host_of_its_own_embeds_the_push_hub_with_three_lines()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddPushHub();
        await using var host = builder.Build();
        host.MapPushHub();
        host.MapClientScript();
        await host.StartAsync();
        var address = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        await using var alice = new HubConnectionBuilder().WithUrl($"{address}/hub", options => options.AccessTokenProvider = async () =>
            (await host.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = "alice" })).Reveal()).Build();
        var received = await Received.ByAsync(alice);

        await host.Services.GetRequiredService<IHubContext<PushHub, IPushClient>>()
            .Clients.User("alice").Receive(Message.Create(Address.User("alice"), "hello", 1));

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
        await alice.StopAsync();
        await host.StopAsync();
    }
}
