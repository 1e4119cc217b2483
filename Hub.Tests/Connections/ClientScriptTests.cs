using System.IO.Compression;
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

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("*, br;q=0", "gzip")]
    [InlineData("identity", null)]
    [InlineData("identity, br;q=0.5", null)]
    [InlineData("deflate", null)]
    [InlineData("br;q=0", null)]
    [InlineData("*;q=0", null)]
    [InlineData("rubbish;;", null)]
    [InlineData("", null)]
    public async Task It_comes_compressed_as_the_browser_takes_it(string accepted, string? coding)
    {
        var answer = await GetAsync(accepted);

        answer.Content.Headers.ContentEncoding.Should().Equal(coding is null ? [] : [coding]);
        answer.Headers.Vary.Should().Equal("Accept-Encoding");
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/javascript; charset=utf-8");
        (await DecodeAsync(answer)).Should().Be(await _browser.GetStringAsync("/realtimehub.js"));
        if (coding is not null)
        {
            (await answer.Content.ReadAsByteArrayAsync()).Length.Should().BeLessThan(25_000);
        }
    }

    [Fact]
    public async Task Each_coding_has_a_tag_of_its_own_that_holds_for_no_other()
    {
        var tags = new Dictionary<string, System.Net.Http.Headers.EntityTagHeaderValue>();
        foreach (var accepted in (string[])["br", "gzip", "identity"])
        {
            tags[accepted] = (await GetAsync(accepted)).Headers.ETag!;
        }

        tags.Values.Should().OnlyHaveUniqueItems().And.OnlyContain(tag => !tag.IsWeak);
        foreach (var (accepted, tag) in tags)
        {
            var again = await GetAsync(accepted, tag);
            again.StatusCode.Should().Be(HttpStatusCode.NotModified);
            (again.Headers.ETag, again.Headers.Vary.Single()).Should().Be((tag, "Accept-Encoding"));
            (await GetAsync(accepted == "br" ? "gzip" : "br", tag)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    private static async Task<string> DecodeAsync(HttpResponseMessage answer)
    {
        var sent = await answer.Content.ReadAsStreamAsync();
        await using var decoded = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(sent, CompressionMode.Decompress),
            "gzip" => new GZipStream(sent, CompressionMode.Decompress),
            _ => sent,
        };
        using var reader = new StreamReader(decoded);
        return await reader.ReadToEndAsync();
    }

    private Task<HttpResponseMessage> GetAsync(string accepted, System.Net.Http.Headers.EntityTagHeaderValue? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/realtimehub.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return _browser.SendAsync(request);
    }
}
