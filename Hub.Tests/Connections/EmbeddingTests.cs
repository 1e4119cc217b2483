using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

public sealed class EmbeddingTests
{
    [Fact]
    public async Task The_push_hub_embeds_as_the_README_says()
    {
        string[] args = ["--urls", "http://127.0.0.1:0"];
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddPushHub();
        var app = builder.Build();
        app.MapPushHub();
        app.MapClientScript();
        await using var host = app;
        await host.StartAsync();
        var address = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        await using var alice = new HubConnectionBuilder().WithUrl($"{address}/hub", options => options.AccessTokenProvider = async () =>
            (await host.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = "alice" })).Reveal()).Build();
        var received = await Received.ByAsync(alice);

        await host.Services.GetRequiredService<IHubContext<PushHub, IPushClient>>()
            .Clients.User("alice").Receive(PushMessage.Create(Address.User("alice"), "hello", 1));

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
        await alice.StopAsync();
        await host.StopAsync();
    }

    [Fact]
    public void It_is_these_lines()
    {
        var code = Source.Of("Hub.Tests").Single(file => file.Path == "Connections/EmbeddingTests.cs").Text.Split('\n').Select(line => line.Trim()).ToHashSet();

        var shown = Page.Blocks("README.md").Single(block => block.Text.Contains("AddPushHub", StringComparison.Ordinal)).Text.Split('\n');

        shown.Where(line => line.Length > 0).Should().HaveCount(6).And.EndWith("app.Run();").And.Subject.SkipLast(1).Should().BeSubsetOf(code);
    }

    [Fact]
    public async Task A_host_that_adds_the_token_itself_as_well_has_it_once_with_its_own_settings()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Services.AddPushHub();
        builder.Services.AddAuthentication().AddSingleUseToken(options => options.AcceptSeedFormat = true);
        await using var host = builder.Build();
        host.MapPushHub();

        await host.StartAsync();

        (await host.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync()).Should().ContainSingle();
        host.Services.GetRequiredService<IOptionsMonitor<SingleUseTokenOptions>>()
            .Get(SingleUseTokenDefaults.AuthenticationScheme).AcceptSeedFormat.Should().BeTrue();
    }
}
