using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

public sealed class TokenEndpointTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;
    private TokenSource _tokens = null!;
    private Func<IResult> _answer = () => Results.NoContent();

    public async Task InitializeAsync()
    {
        _app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]).Build();
        _app.MapPost("/hub-token", () => _answer());
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        _tokens = TokenEndpoint.At(_http, new Uri($"{address}/hub-token"));
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task It_posts_and_reads_the_token_and_its_cursors()
    {
        _answer = () => Results.Json(new { token = "wstoken1", expiresIn = 20, cursors = new Dictionary<string, string> { ["user:alice"] = "7-1" } });

        var token = await _tokens(CancellationToken.None);

        token.Value.Should().Be("wstoken1");
        token.Cursors.Should().Equal(new Dictionary<string, string> { ["user:alice"] = "7-1" });
    }

    [Fact]
    public async Task The_cursors_may_be_missing()
    {
        _answer = () => Results.Json(new { token = "wstoken1", expiresIn = 20 });

        (await _tokens(CancellationToken.None)).Cursors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_refusal_means_that_the_user_must_sign_in_again(HttpStatusCode status)
    {
        _answer = () => Results.StatusCode((int)status);

        await Asking().Should().ThrowAsync<SignInRequiredException>();
    }

    [Theory]
    [InlineData("[]", 200)]
    [InlineData("{}", 200)]
    [InlineData("""{"token":7}""", 200)]
    [InlineData("<html>", 200)]
    [InlineData("""{"token":"wstoken1"}""", 500)]
    public async Task Any_other_answer_without_a_token_is_a_failed_connection(string body, int status)
    {
        _answer = () => Results.Text(body, "application/json", statusCode: status);

        (await Asking().Should().ThrowAsync<ConnectionException>()).WithMessage($"The token endpoint answered with {status} and no token.");
    }

    [Fact]
    public async Task Nobody_there_is_a_failed_connection()
    {
        _tokens = TokenEndpoint.At(_http, new Uri($"http://127.0.0.1:{LoopbackPort.Next()}/hub-token"));

        (await Asking().Should().ThrowAsync<ConnectionException>()).WithInnerException<HttpRequestException>();
    }

    [Fact]
    public void A_token_is_not_shown_as_text() => new AccessToken("wstoken1").ToString().Should().Be("[redacted]");

    private Func<Task> Asking() => () => _tokens(CancellationToken.None);
}
