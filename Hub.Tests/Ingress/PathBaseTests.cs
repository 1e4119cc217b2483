using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Ingress;

/// <summary>A hub that lies under a path of a site.</summary>
public sealed class PathBaseTests : IAsyncLifetime
{
    private readonly Node _node = new(("PathBase", "/realtime"));

    public static TheoryData<HttpTransportType, bool> Transports => Deploy.ProxyTests.Transports;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("/realtime/hub")]
    [InlineData("/hub")]
    public async Task The_hub_is_there_with_and_without_it_and_a_token_for_the_hub_opens_both(string path)
    {
        var token = (await _node.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/hub" })).Reveal();
        await using var client = _node.ClientFor(() => Task.FromResult<string?>(token), skipNegotiation: true, path: path);
        var received = await Received.ByAsync(client);

        await _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("t");
    }

    [Fact]
    public async Task A_token_for_the_path_as_the_page_sees_it_is_for_another_hub()
    {
        var token = (await _node.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/realtime/hub" })).Reveal();

        var answer = await new Authentication.RawHub(_node).SendAsync(HttpMethod.Post, "realtime/hub/negotiate?negotiateVersion=1", token);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_audience");
    }

    [Fact]
    public async Task Everything_else_is_there_as_well()
    {
        foreach (var path in (string[])["/realtime/health/live", "/realtime/health/ready", "/realtime/realtimehub.js", "/realtime/", "/realtime/demo.js", "/realtime/openapi/", "/realtime/openapi/v1.json"])
        {
            (await _node.Client.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK, path);
        }

        (await _node.Client.SendAsync(Node.Api("/realtime/api/users/a%2Fb/messages", new { type = "t" }))).StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await _node.Client.SendAsync(Node.Api("/realtime/demo/users/a%2Fb/messages", new { type = "t" }))).StatusCode.Should().Be(HttpStatusCode.Accepted);
        var document = await _node.Client.GetFromJsonAsync<JsonElement>("/realtime/openapi/v1.json");
        document.GetProperty("servers").EnumerateArray().Select(server => server.GetProperty("url").GetString()).Should().Equal("/realtime");
        document.GetProperty("paths").EnumerateObject().Should().OnlyContain(path => path.Name.StartsWith("/api/"));
    }

    [Theory]
    [InlineData("/realtime/../realtime/health/live")]
    [InlineData("/re%61ltime/health/live")]
    [InlineData("/realtime/%68ealth/live")]
    [InlineData("/realtime//health/live")]
    [InlineData("/realtime/api/users/x%2F..%2Fy/messages")]
    public async Task Behind_it_a_path_has_one_spelling_as_well(string target) =>
        (await RawHttp.GetAsync(_node.Address, target)).Status.Should().Be(400);

    [Theory]
    [InlineData("realtime")]
    [InlineData("/")]
    [InlineData("/realtime/")]
    [InlineData("//realtime")]
    [InlineData("/a/../b")]
    [InlineData("/a b")]
    [InlineData("http://hub.example.com/realtime")]
    public async Task What_is_no_path_is_told_by_config_check(string path)
    {
        var run = await CommandRun.OfAsync("config", "check", "--environment", "Production", $"--PathBase={path}", $"--Api:Keys:shop={Node.Sha256("e5b9c8a6b1f64b3b8d0f")}");

        run.Should().BeEquivalentTo(new { ExitCode = 1 });
        run.Output.Should().StartWith($"error: PathBase is '{path}'");
    }
}
