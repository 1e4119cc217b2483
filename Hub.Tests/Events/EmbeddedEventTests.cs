using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Events;

/// <summary>A host that embeds the hub, and adds its events.</summary>
public sealed class EmbeddedEventTests : IAsyncLifetime
{
    private EventConsumer _consumer = null!;

    public async Task InitializeAsync() => _consumer = await EventConsumer.StartAsync();

    public async Task DisposeAsync() => await _consumer.DisposeAsync();

    [Fact]
    public async Task It_tells_a_backend_as_the_server_does()
    {
        await using var host = await HostAsync(guestsOnly: false);
        await using (await ConnectAsync(host))
        {
            (await _consumer.TakenAsync("user.online", 1)).Single().GetProperty("subject").GetString().Should().Be("alice");
        }

        (await _consumer.TakenAsync("user.offline", 1)).Single().GetProperty("subject").GetString().Should().Be("alice");
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri($"{host.Urls.Single()}/health"))).Should().Be("Healthy");
    }

    [Fact]
    public async Task It_tells_of_a_user_who_has_not_the_role_that_it_demands()
    {
        await using var host = await HostAsync(guestsOnly: true);

        await FluentActions.Awaiting(() => ConnectAsync(host)).Should().ThrowAsync<HttpRequestException>()
            .Where(refused => refused.StatusCode == HttpStatusCode.Forbidden);

        var told = (await _consumer.TakenAsync("connection.refused", 1)).Single();
        told.GetProperty("subject").GetString().Should().Be("alice");
        told.GetProperty("data").GetProperty("code").GetString().Should().Be("policy_refused");
    }

    private async Task<WebApplication> HostAsync(bool guestsOnly)
    {
        var settings = _consumer.Settings.Select(setting => $"--{setting.Key}={setting.Value}");
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", .. settings]);
        builder.Logging.ClearProviders();
        builder.Services.AddPushHub().AddPushHubEvents().AddPushHubEvents();
        builder.Services.AddAuthorization().AddHealthChecks();
        var host = builder.Build();
        var hub = host.MapPushHub();
        if (guestsOnly)
        {
            hub.RequireAuthorization(policy => policy.RequireRole("guest"));
        }

        host.MapHealthChecks("/health");
        await host.StartAsync();
        return host;
    }

    private static async Task<HubConnection> ConnectAsync(WebApplication host)
    {
        var tokens = host.Services.GetRequiredService<IAccessTokenStore>();
        var client = new HubConnectionBuilder().WithUrl($"{host.Urls.Single()}/hub", options => options.AccessTokenProvider =
            async () => (await tokens.MintAsync(new TokenRecord { Subject = "alice" })).Reveal()).Build();
        await client.StartAsync();
        return client;
    }
}
