using System.Net;
using RealtimeHub.Authentication;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

public sealed class OriginTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    [Fact]
    public async Task Pages_of_the_hubs_own_host_connect_also_when_TLS_ends_at_a_proxy()
    {
        await using var node = new Node();
        var hub = new RawHub(node);

        (await hub.NegotiateAsync(await node.MintAsync("alice"), ("Origin", node.Address.GetLeftPart(UriPartial.Authority)))).StatusCode.Should()
            .Be(HttpStatusCode.OK);
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

    public static TheoryData<string> Origins =>
    [
        "https://app.example", "https://app.example:8443", "http://localhost:3000", "http://tauri.localhost", "https://xn--bcher-kva.example", "https://a_b.example",
        "http://192.168.0.7:5080", "http://[::1]:5080", "http://[2001:db8::7]", "http://[::ffff:7f00:1]", "capacitor://localhost", "ionic://localhost", "tauri://localhost",
        "app://-", "app://obsidian.md", "chrome-extension://abcdefghijklmnopabcdefghijklmnop", "moz-extension://9f0a3b4c-5d6e-4f70-8192-a3b4c5d6e7f8",
        "safari-web-extension://9F0A3B4C-5D6E-4F70-8192-A3B4C5D6E7F8", "vscode-webview://1abc", "file://", "null",
    ];

    [Theory]
    [MemberData(nameof(Origins))]
    public async Task Every_origin_that_a_browser_writes_can_be_allowed_and_is_matched_letter_by_letter(string origin)
    {
        await using var node = new Node(("Origins:Allowed:0", origin));
        var hub = new RawHub(node);

        var negotiated = await hub.NegotiateAsync(await node.MintAsync("alice"), ("Origin", origin));
        negotiated.StatusCode.Should().Be(HttpStatusCode.OK);
        negotiated.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal(origin);
        using (var upgraded = await hub.UpgradeAsync($"access_token={await node.MintAsync("alice")}", ("Origin", origin)))
        {
            upgraded.StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        }

        var token = await node.MintAsync("alice");
        foreach (var other in (string[])[origin + "/", origin
            + ".evil.example", origin.ToUpperInvariant() + "x", "x" + origin, origin + ":1", origin.Replace("://", "://x@", StringComparison.Ordinal) + "?"])
        {
            await (await hub.NegotiateAsync(token, ("Origin", other))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        }

        (await hub.NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK, "nothing was spent");
    }

    [Theory]
    [InlineData("hub.example", "https://hub.example", true)]
    [InlineData("hub.example", "http://hub.example", true)]
    [InlineData("HUB.example:443", "https://hub.example", true)]
    [InlineData("hub.example:8443", "https://hub.example:8443", true)]
    [InlineData("hub.example:65535", "https://hub.example:65535", true)]
    [InlineData("[::1]:81", "http://[::1]:81", true)]
    [InlineData("[2001:db8::7]", "https://[2001:db8::7]", true)]
    [InlineData("xn--bcher-kva.example", "https://xn--bcher-kva.example", true)]
    [InlineData("hub.example.", "https://hub.example.", true)]
    [InlineData("a_b.example", "https://a_b.example", true)]
    [InlineData("hub.example", "https://user@hub.example", false)]
    [InlineData("hub.example", "https://user:password@hub.example", false)]
    [InlineData("hub.example", "https://@hub.example", false)]
    [InlineData("hub.example", "https://hub.example/", false)]
    [InlineData("hub.example", "https://hub.example/path", false)]
    [InlineData("hub.example", "https://hub.example?query", false)]
    [InlineData("hub.example", "https://hub.example#x", false)]
    [InlineData("hub.example", "https://hub.example\\", false)]
    [InlineData("hub.example", "https://hub.example https://evil.example", false)]
    [InlineData("hub.example", "https://hub.example,https://evil.example", false)]
    [InlineData("hub.example", "https://HUB.example", false)]
    [InlineData("hub.example", "HTTPS://hub.example", false)]
    [InlineData("hub.example", "https://hub.example:443", false)]
    [InlineData("hub.example", "http://hub.example:80", false)]
    [InlineData("hub.example", "https://hub.example:0443", false)]
    [InlineData("hub.example", "https://hub.example:", false)]
    [InlineData("hub.example", "https://hub.example:8443", false)]
    [InlineData("hub.example:8443", "https://hub.example", false)]
    [InlineData("hub.example", "https:hub.example", false)]
    [InlineData("hub.example", "https:///hub.example", false)]
    [InlineData("hub.example", "//hub.example", false)]
    [InlineData("hub.example", "hub.example", false)]
    [InlineData("hub.example", "wss://hub.example", false)]
    [InlineData("localhost", "capacitor://localhost", false)]
    [InlineData("hub.example", "https://hub%2Eexample", false)]
    [InlineData("hub.example", "https://evil.example", false)]
    [InlineData("hub.example", "https://hub.example.evil.example", false)]
    [InlineData("hub.example", "null", false)]
    public async Task Only_a_page_of_the_hubs_own_host_is_one(string host, string origin, bool isOwn)
    {
        var negotiated = await new RawHub(fixture.Node).NegotiateAsync(await fixture.Node.MintAsync("alice"), ("Host", host), ("Origin", origin));

        negotiated.StatusCode.Should().Be(isOwn ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("https://App.Example", "Write https://app.example.")]
    [InlineData("https://app.example/", "Write https://app.example.")]
    [InlineData("https://app.example:443", "Write https://app.example.")]
    [InlineData("https://app.example/chat?x=1#y", "Write https://app.example.")]
    [InlineData("https://user:hunter2@app.example", "Write https://app.example.")]
    [InlineData(" https://app.example", "Write https://app.example.")]
    [InlineData("https://b\u00fccher.example", "Write https://xn--bcher-kva.example.")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:81", "Write http://[::1]:81.")]
    [InlineData("http://[::ffff:127.0.0.1]", "Write http://[::ffff:7f00:1].")]
    [InlineData("http://[::ffff:192.168.7.9]", "Write http://[::ffff:c0a8:709].")]
    [InlineData("http://127.1", "Write http://127.0.0.1.")]
    [InlineData("Capacitor://localhost/", "Write capacitor://localhost.")]
    [InlineData("chrome-extension://abcdefghijklmnopabcdefghijklmnop/page.html", "Write chrome-extension://abcdefghijklmnopabcdefghijklmnop.")]
    [InlineData("https://*.example.com", "no wildcard")]
    [InlineData("*", "no wildcard")]
    [InlineData("app.example", "such as https://app.example.com")]
    [InlineData("", "such as https://app.example.com")]
    [InlineData("capacitor://", "capacitor://localhost")]
    [InlineData("capacitor://localhost:65536", "is no origin")]
    [InlineData("NULL", "such as https://app.example.com")]
    public void A_mistake_in_the_list_is_answered_with_what_to_write(string origin, string advice)
    {
        var result = new OriginOptionsValidator().Validate(null, new OriginOptions { Allowed = { origin } });

        result.FailureMessage.Should().StartWith("Origins:Allowed:0 ").And.Contain(advice).And.NotContain("hunter2");
    }
}
