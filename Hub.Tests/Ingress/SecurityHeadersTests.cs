using System.Net;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>What a browser is told to make of an answer, whichever it is.</summary>
public sealed class SecurityHeadersTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    private readonly HttpClient _browser = fixture.Node.Client;

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/index.html")]
    [InlineData("GET", "/demo.js")]
    [InlineData("GET", "/demo.css")]
    [InlineData("GET", "/control.js")]
    [InlineData("GET", "/backend.js")]
    [InlineData("GET", "/demo/users")]
    [InlineData("POST", "/demo/token?user=alice")]
    [InlineData("GET", "/realtimehub.js")]
    [InlineData("GET", "/openapi/")]
    [InlineData("GET", "/openapi/scalar.js")]
    [InlineData("GET", "/openapi/nonce.js")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/api/nowhere")]
    [InlineData("POST", "/api/tokens")]
    [InlineData("POST", "/api/users/alice/messages")]
    [InlineData("POST", "/hub/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/hub")]
    [InlineData("GET", "/h%75b")]
    public async Task No_answer_is_taken_for_another_kind_framed_or_lets_anything_inline_run(string method, string path)
    {
        var answer = await _browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        answer.Headers.Contains("Server").Should().BeFalse();
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        answer.Headers.GetValues("Cross-Origin-Resource-Policy").Should().Equal(path == "/realtimehub.js" ? "cross-origin" : "same-origin");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("frame-ancestors 'none'").And.Contain("base-uri 'none'").And.Contain("form-action 'none'")
            .And.MatchRegex("default-src '(none|self)'").And.NotContain("unsafe-inline").And.NotContain("unsafe-eval");
    }

    [Fact]
    public async Task The_nonce_of_the_API_page_is_new_each_time()
    {
        var policies =
            new[] { await _browser.GetAsync("/openapi/"), await _browser.GetAsync("/openapi/") }.Select(page => page.Headers.GetValues("Content-Security-Policy").Single());

        policies.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task An_open_WebSocket_holds_none_of_it()
    {
        var upgraded = await new Authentication.RawHub(fixture.Node).UpgradeAsync($"access_token={await fixture.Node.MintAsync("alice")}");

        upgraded.StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        upgraded.Headers.Contains("Server").Should().BeFalse();
        upgraded.Headers.Contains("Content-Security-Policy").Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(ApiTests.Paths), MemberType = typeof(ApiTests))]
    public async Task What_is_not_UTF_8_or_is_compressed_is_415_at_every_door(string path)
    {
        foreach (var (type, coding, what) in new (string, string?, string)[]
        {
            ("application/json; charset=utf-16", null, "UTF-8"), ("application/json; charset=iso-8859-1", null, "UTF-8"), ("application/json;charset=\"utf-32\"", null, "UTF-8"),
            ("application/problem+json; charset=windows-1252", null, "UTF-8"), ("text/plain", null, "application/json"), ("text/json", null, "application/json"),
            ("rubbish", null, "application/json"), ("application/json", "gzip", "Content-Encoding"), ("application/json", "br", "Content-Encoding"),
            ("application/json; charset=utf-8", "identity, gzip", "Content-Encoding"),
        })
        {
            var answer = await SendAsync(path, type, coding);

            await answer.ShouldBeRefusedAsync(HttpStatusCode.UnsupportedMediaType, "not_json");
            answer.Headers.GetValues("Accept-Encoding").Should().Equal("identity");
            if (type != "rubbish")
            {
                (await answer.Content.ReadAsStringAsync()).Should().Contain(what, type);
            }
        }
    }

    [Theory]
    [InlineData("application/json", null)]
    [InlineData("application/json; charset=utf-8", null)]
    [InlineData("application/json;charset=\"UTF-8\"", "identity")]
    [InlineData("application/vnd.shop+json", null)]
    public async Task UTF_8_as_it_is_is_taken(string type, string? coding) =>
        (await SendAsync("/api/users/alice/messages", type, coding)).StatusCode.Should().Be(HttpStatusCode.Accepted);

    private Task<HttpResponseMessage> SendAsync(string path, string type, string? coding)
    {
        var content = new ByteArrayContent("""{"type":"t"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return _browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "X-Api-Key", Node.ApiKey } }, Content = content });
    }
}
