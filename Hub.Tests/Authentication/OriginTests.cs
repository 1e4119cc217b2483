using System.Net;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

public sealed class OriginTests
{
    [Fact]
    public async Task Pages_of_the_hubs_own_host_connect_also_when_TLS_ends_at_a_proxy()
    {
        await using var node = new Node();
        var hub = new RawHub(node);

        (await hub.NegotiateAsync(await node.MintAsync("alice"), ("Origin", node.Address.GetLeftPart(UriPartial.Authority)))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await hub.NegotiateAsync(await node.MintAsync("alice"), ("Host", "hub.example"), ("Origin", "https://hub.example"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await hub.NegotiateAsync(await node.MintAsync("alice"), ("Host", "[::1]:81"), ("Origin", "http://[::1]:81"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_of_an_allowed_origin_connect_on_every_transport_and_others_do_not()
    {
        await using var node = new Node(("Origins:Allowed:0", "https://app.example"));
        var hub = new RawHub(node);

        var allowed = await hub.NegotiateAsync(await node.MintAsync("alice"), ("Origin", "https://app.example"));
        var preflight = await hub.SendAsync(HttpMethod.Options, "hub/negotiate", null,
            ("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,x-requested-with,x-signalr-user-agent"));
        var similar = await hub.NegotiateAsync(await node.MintAsync("alice"), ("Origin", "https://APP.example:443"));

        allowed.StatusCode.Should().Be(HttpStatusCode.OK);
        allowed.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("https://app.example");
        allowed.Headers.GetValues("Access-Control-Allow-Credentials").Should().Equal("true");
        preflight.StatusCode.Should().Be(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").Should().Equal("authorization,x-requested-with,x-signalr-user-agent");
        await similar.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_can_read_why_it_was_refused()
    {
        await using var node = new Node(("Origins:Allowed:0", "https://app.example"));

        var refused = await new RawHub(node).NegotiateAsync(null, ("Origin", "https://app.example"));

        await refused.ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        refused.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("https://app.example");
    }
}
