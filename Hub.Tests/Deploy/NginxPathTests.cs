using Microsoft.AspNetCore.Http.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>The hub behind a path of a site, with the lines for nginx as docs/operations.md has them.</summary>
public sealed class NginxPathTests : IAsyncLifetime
{
    private readonly Node _node = new(("PathBase", "/realtime"));
    private NginxSite _site = null!;

    public static TheoryData<HttpTransportType, bool> Transports => ProxyTests.Transports;

    public async Task InitializeAsync() => _site = await NginxSite.StartAsync(_node.Address.Port);

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_client_connects_and_receives(HttpTransportType transport, bool skipNegotiation)
    {
        await using var client = _site.ClientFor(async () => await _node.MintAsync("alice"), transport, skipNegotiation, path: "realtime/hub");
        var received = await Received.ByAsync(client);

        (await _site.Client.SendAsync(Node.Api("/realtime/api/users/alice/messages", new { type = "t" }))).EnsureSuccessStatusCode();

        (await received.NextAsync()).GetProperty("address").GetString().Should().Be(Address.User("alice").ToString());
    }

    [Fact]
    public async Task The_client_script_is_there_and_what_is_for_operators_is_not()
    {
        (await _site.Client.GetStringAsync("/realtime/realtimehub.js")).Should().Contain("export");
        foreach (var path in (string[])["/realtime/health/live", "/realtime/openapi/v1.json", "/realtime/", "/hub", "/realtime/api/../health/live"])
        {
            (await RawHttp.GetAsync(_site.Address, path)).Status.Should().Be(404, path);
        }
    }
}
