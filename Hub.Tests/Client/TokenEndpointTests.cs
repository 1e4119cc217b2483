using System.Net;
using System.Net.Http.Headers;
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
    private readonly Recording<string> _asked = new();
    private WebApplication _app = null!;
    private Uri _address = null!;
    private TokenSource _tokens = null!;
    private Func<IResult> _answer = () => Results.NoContent();

    public async Task InitializeAsync()
    {
        _app = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]).Build();
        _app.MapPost("/hub-token", (HttpRequest request) =>
        {
            _asked.Add(request.Headers.Authorization.ToString());
            return _answer();
        });
        _app.MapMethods("/sign-in", ["GET", "POST"], () => Results.Content("<html>", "text/html"));
        _app.MapMethods("/broken", ["GET", "POST"], () => Results.Content("<html>", "text/html", statusCode: 503));
        await _app.StartAsync();
        _address = new Uri(
            _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        _tokens = TokenEndpoint.At(_http, new Uri(_address, "hub-token"));
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

        (await Asking().Should().ThrowAsync<ConnectionException>()).WithMessage($"The token endpoint {_address}hub-token answered with {status} and no token. It is to answer 200 with *");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_redirect_to_a_sign_in_page_means_that_the_user_must_sign_in_again(bool preservesMethod, bool isLeftToUs)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = !isLeftToUs });
        _answer = () => Results.Redirect("/sign-in?ReturnUrl=%2Fhub-token", preserveMethod: preservesMethod);
        _tokens = TokenEndpoint.At(http, new Uri(_address, "hub-token"));

        await Asking().Should().ThrowAsync<SignInRequiredException>();
    }

    [Fact]
    public async Task A_redirect_to_a_page_of_a_server_in_trouble_signs_nobody_out()
    {
        _answer = () => Results.Redirect("/broken");

        (await Asking().Should().ThrowAsync<ConnectionException>()).WithMessage("A page answered at */hub-token with 503 instead of a token.*");
    }

    [Fact]
    public async Task A_redirect_within_the_site_is_followed()
    {
        _app.MapPost("/elsewhere", () => Results.Json(new { token = "wstoken1" }));
        _answer = () => Results.Redirect("/elsewhere", preserveMethod: true);

        (await _tokens(CancellationToken.None)).Value.Should().Be("wstoken1");
    }

    [Fact]
    public async Task What_changes_is_given_to_each_request_anew()
    {
        var asked = 0;
        _answer = () => Results.Json(new { token = "wstoken1" });
        _tokens = TokenEndpoint.At(_http, new Uri(_address, "hub-token"), async (request, cancellationToken) =>
        {
            await Task.Yield();
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"bearer{++asked}");
        });

        await _tokens(CancellationToken.None);
        await _tokens(CancellationToken.None);

        (await _asked.NextAsync(2)).Should().Equal("Bearer bearer1", "Bearer bearer2");
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
