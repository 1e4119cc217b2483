using System.Net;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

public sealed class ClientScriptTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    private readonly HttpClient _browser = fixture.Node.Client;

    [Fact]
    public async Task A_page_of_any_origin_can_import_the_client()
    {
        var answer = await _browser.GetAsync("/realtimehub.js");

        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/javascript");
        answer.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("*");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("PushClient").And.NotContain("require(");
    }

    [Fact]
    public async Task A_page_that_asks_again_is_told_that_nothing_has_changed()
    {
        var first = await _browser.GetAsync("/realtimehub.js");
        var request = new HttpRequestMessage(HttpMethod.Get, "/realtimehub.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        first.Headers.CacheControl!.NoCache.Should().BeTrue();
        (await _browser.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await _browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/realtimehub.js"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
