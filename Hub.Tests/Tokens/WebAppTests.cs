using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

/// <summary>An ASP.NET site with cookies and Razor that hosts no hub, and mints for its users.</summary>
public sealed partial class WebAppTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private WebApplication _site = null!;
    private HttpClient _browser = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--Redis:Connection", _redis.Connection]);
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddTokens();
        builder.Services.AddRazorPages(options => options.RootDirectory = "/Tokens/Pages").AddApplicationPart(typeof(WebAppTests).Assembly);
        _site = builder.Build();
        _site.MapRazorPages();
        _site.MapHubToken();
        _site.MapPost("/sign-in", (HttpContext context) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, "7"), new(ClaimTypes.Name, "Alice"), new(ClaimTypes.Role, "editor"), new("sid", "s1")], "test"))));
        await _site.StartAsync();
        var address = _site.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        _browser = new HttpClient { BaseAddress = new Uri(address) };
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _site.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task A_page_carries_a_token_for_its_signed_in_user()
    {
        await _browser.PostAsync("/sign-in", null);

        var answer = await _browser.GetAsync("/page");

        var meta = Meta().Match(await answer.Content.ReadAsStringAsync());
        await ShouldOpenForAliceAsync(meta.Groups["token"].Value);
        WebUtility.HtmlDecode(meta.Groups["cursors"].Value).Should().MatchRegex("""^\{"user:7":"\d+-\d+"\}$""");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task A_page_for_an_anonymous_visitor_carries_nothing()
    {
        var page = await _browser.GetStringAsync("/page");

        page.Should().Contain("<head></head>");
    }

    [Fact]
    public async Task A_signed_in_page_gets_its_next_token_by_a_post()
    {
        await _browser.PostAsync("/sign-in", null);

        var answer = await _browser.PostAsync("/hub-token", null);

        var minted = await answer.Content.ReadFromJsonAsync<JsonElement>();
        minted.GetProperty("expiresIn").GetInt32().Should().Be(20);
        await ShouldOpenForAliceAsync(minted.GetProperty("token").GetString());
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task An_anonymous_page_gets_no_token()
    {
        (await _browser.PostAsync("/hub-token", null)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await _browser.GetAsync("/hub-token")).StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task While_Redis_is_away_pages_are_rendered_and_their_clients_told_to_try_again()
    {
        await _browser.PostAsync("/sign-in", null);
        _redis.Kill();

        (await _browser.GetStringAsync("/page")).Should().Contain("<head></head>");
        await (await _browser.PostAsync("/hub-token", null)).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    private async Task ShouldOpenForAliceAsync(string? token)
    {
        AccessToken.TryParse(token, out var parsed).Should().BeTrue();
        var record = (await _site.Services.GetRequiredService<IAccessTokenStore>().SpendAsync(parsed)).Record!;
        record.Should().BeEquivalentTo(new { Subject = "7", Name = "Alice", Roles = new[] { "editor" }, SessionId = "s1" });
    }

    [GeneratedRegex("""<meta name="hub-token" content="(?<token>[^"]+)" data-cursors="(?<cursors>[^"]+)">""")]
    private static partial Regex Meta();
}
