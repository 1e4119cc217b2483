using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

/// <summary>Endpoints of a host that are no hubs: there each request spends a token of its own.</summary>
public sealed class AnyEndpointTests : IAsyncLifetime
{
    private readonly Log _log = new();
    private readonly HttpClient _client = new();
    private WebApplication _host = null!;

    public static TheoryData<string> Paths => ["report", "group/report", "open"];

    public async Task InitializeAsync()
    {
        _host = HostWith(app =>
        {
            app.MapGet("/report", WhoAmI).RequireSingleUseToken();
            app.MapGet("/open", WhoAmI).AllowAnonymous().RequireSingleUseToken();
            app.MapGet("/editors", WhoAmI).RequireAuthorization(policy => policy.RequireRole("editor")).RequireSingleUseToken();
            app.MapGet("/report/negotiate", WhoAmI).RequireSingleUseToken();
            app.MapGet("/slow", WhoAmI).RequireAuthorization(policy => policy.RequireAssertion(IsEditorAfterAWhileAsync)).RequireSingleUseToken();
            app.Map("/socket", EchoAsync).RequireSingleUseToken();
            var group = app.MapGroup("/group").RequireSingleUseToken();
            group.MapGet("/report", WhoAmI);
            group.MapHub<PlainHub>("/hub");
        });
        await _host.StartAsync();
        _client.BaseAddress = new Uri(
            _host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _log.Leaks.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Only_who_spends_a_token_gets_in_and_each_request_takes_one(string path)
    {
        var endpoint = new RawHub(_client, path);
        var token = await MintAsync("alice");

        await (await endpoint.SendAsync(HttpMethod.Get, path, null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        var answer = await endpoint.SendAsync(HttpMethod.Get, path, token);
        await (await endpoint.SendAsync(HttpMethod.Get, path, token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");

        (await answer.Content.ReadFromJsonAsync<string[]>()).Should().Equal("alice");
    }

    [Fact]
    public async Task What_names_a_connection_to_a_hub_means_nothing_there()
    {
        var endpoint = new RawHub(_client, "report");

        var answer = await endpoint.SendAsync(HttpMethod.Get, $"report?id=7&id=8&negotiateVersion=&access_token={await MintAsync("alice")}", null);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_it_demands_beside_the_token_is_asked_of_the_token_s_user()
    {
        var endpoint = new RawHub(_client, "editors");

        await (await endpoint.SendAsync(HttpMethod.Get, "editors", await MintAsync("alice"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "policy_refused");
        (await endpoint.SendAsync(HttpMethod.Get, "editors", await MintAsync("alice", "editor"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_demand_that_takes_its_time_is_waited_for()
    {
        var endpoint = new RawHub(_client, "slow");

        await (await endpoint.SendAsync(HttpMethod.Get, "slow", await MintAsync("alice"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "policy_refused");
        var answer = await endpoint.SendAsync(HttpMethod.Get, "slow", await MintAsync("alice", "editor"));

        (await answer.Content.ReadFromJsonAsync<string[]>()).Should().Equal("alice");
    }

    [Fact]
    public async Task A_token_for_another_path_opens_nothing_even_if_a_hub_there_would_negotiate_here()
    {
        const string path = "report/negotiate";
        var endpoint = new RawHub(_client, path);

        await (await endpoint.SendAsync(HttpMethod.Get, path, await MintForAsync("/report"))).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_audience");
        (await endpoint.SendAsync(HttpMethod.Get, path, await MintForAsync($"/{path}"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_page_of_another_origin_gets_in_nowhere()
    {
        var token = await MintAsync("alice");

        await (await new RawHub(_client, "socket").UpgradeAsync($"access_token={token}", ("Origin", "https://evil.example")))
            .ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");

        (await new RawHub(_client, "socket").UpgradeAsync($"access_token={token}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols, "nothing was spent");
    }

    [Fact]
    public async Task The_grant_of_a_hub_opens_nothing_else()
    {
        var (_, grant) = await new RawHub(_client, "group/hub").NegotiatedAsync(await MintAsync("alice"));

        await (await new RawHub(_client, "report").SendAsync(HttpMethod.Get, "report", grant)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");
    }

    [Fact]
    public async Task A_hub_in_a_group_behind_the_token_is_bound_as_any_hub()
    {
        var hub = new RawHub(_client, "group/hub");
        var (connection, grant) = await hub.NegotiatedAsync(await MintAsync("alice"));

        await (await hub.PollAsync(connection, await MintAsync("mallory"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        await hub.OpenAsync(connection, grant);
    }

    [Fact]
    public async Task Connections_without_a_hub_are_refused_at_start_since_nothing_would_bind_them()
    {
        await using var host = HostWith(app => app.MapConnectionHandler<NoHub>("/connections").RequireSingleUseToken());

        (await host.Awaiting(app => app.StartAsync()).Should().ThrowAsync<NotSupportedException>()).WithMessage("*MapConnectionHandler()*");
    }

    private WebApplication HostWith(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSignalR();
        builder.Services.AddConnections();
        builder.Services.AddAuthentication().AddSingleUseToken();
        var app = builder.Build();
        app.UseWebSockets();
        map(app);
        return app;
    }

    private static string[] WhoAmI(ClaimsPrincipal user) => [.. user.FindAll(ClaimTypes.NameIdentifier).Select(claim => claim.Value)];

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.ReceiveAsync(Memory<byte>.Empty, context.RequestAborted);
    }

    private static async Task<bool> IsEditorAfterAWhileAsync(AuthorizationHandlerContext context)
    {
        await Task.Yield();
        return context.User.IsInRole("editor");
    }

    private async Task<string> MintForAsync(string audience) =>
        (await _host.Services.GetRequiredService<IAccessTokenStore>()
            .MintAsync(new TokenRecord { Subject = "alice", Audience = audience })).Reveal();

    private async Task<string> MintAsync(string user, params string[] roles) =>
        (await _host.Services.GetRequiredService<IAccessTokenStore>()
            .MintAsync(new TokenRecord { Subject = user, Roles = roles })).Reveal();

    public sealed class PlainHub : Hub;

    public sealed class NoHub : ConnectionHandler
    {
        public override Task OnConnectedAsync(ConnectionContext connection) => Task.CompletedTask;
    }
}
