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
        builder.Services.AddRealtimeHubTokens();
        builder.Services.AddCors(cors => cors.AddPolicy("app", policy => policy.WithOrigins("https://app.example").AllowCredentials()));
        builder.Services.AddRazorPages(options => options.RootDirectory = "/Tokens/Pages").AddApplicationPart(typeof(WebAppTests).Assembly);
        _site = builder.Build();
        _site.UseRouting().UseCors();
        _site.MapRazorPages();
        _site.MapHubToken();
        _site.MapHubToken("/token-for-app").RequireCors("app");
        _site.MapHubToken("/token-for-app-too").RequireCors(policy => policy.WithOrigins("https://app.example").AllowCredentials());
        _site.MapHubToken("/token-for-all").RequireCors(policy => policy.AllowAnyOrigin());
        _site.MapPost("/sign-in", (HttpContext context, string? name) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, name ?? "7"), new(ClaimTypes.Name, "Alice"), new(ClaimTypes.Role, "editor"), new("sid", "s1")], "test"))));
        await _site.StartAsync();
        var address =
            _site.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
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

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: ")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: Same-Origin")]
    [InlineData("Sec-Fetch-Site: ")]
    [InlineData("Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin")]
    [InlineData("Origin: https://evil.example", "Sec-Fetch-Site: cross-site")]
    [InlineData("Origin: {own}", "Sec-Fetch-Site: cross-site")]
    [InlineData("Origin: {own}", "Origin: https://evil.example")]
    [InlineData("Origin: {own}.evil.example")]
    [InlineData("Origin: https://app.example", "Sec-Fetch-Site: same-site")]
    public async Task A_page_of_another_site_gets_no_token_with_the_cookie_of_its_visitor_and_learns_nothing(params string[] headers)
    {
        var anonymous = await PostAsync("/hub-token", headers);
        await _browser.PostAsync("/sign-in", null);
        var signedIn = await PostAsync("/hub-token", headers);

        await anonymous.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await signedIn.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        (await signedIn.Content.ReadAsStringAsync()).Should().Be(await anonymous.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData]
    [InlineData("Origin: {own}")]
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Origin: https://behind.proxy.example", "Sec-Fetch-Site: same-origin")]
    public async Task A_page_of_the_site_itself_gets_a_token(params string[] headers)
    {
        await _browser.PostAsync("/sign-in", null);

        (await PostAsync("/hub-token", headers)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/token-for-app", "https://app.example", HttpStatusCode.OK)]
    [InlineData("/token-for-app-too", "https://app.example", HttpStatusCode.OK)]
    [InlineData("/token-for-app", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("/token-for-app-too", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("/token-for-all", "https://app.example", HttpStatusCode.Forbidden)]
    public async Task A_page_of_another_origin_gets_a_token_only_where_a_policy_of_the_endpoint_names_it_and_allows_cookies(
        string path, string origin, HttpStatusCode status)
    {
        await _browser.PostAsync("/sign-in", null);

        (await PostAsync(path, $"Origin: {origin}", "Sec-Fetch-Site: cross-site")).StatusCode.Should().Be(status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    public async Task Only_a_post_mints(string method)
    {
        await _browser.PostAsync("/sign-in", null);

        var answer = await _browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/hub-token"));

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("wstoken");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task Who_is_signed_in_by_a_name_that_is_no_user_s_sees_the_page_and_is_told_why_there_is_no_token(string name)
    {
        await _browser.PostAsync($"/sign-in?name={Uri.EscapeDataString(name)}", null);

        (await _browser.GetStringAsync("/page")).Should().Contain("<head></head>");
        await (await _browser.PostAsync("/hub-token", null)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "user_unfit");
    }

    [Fact]
    public async Task While_Redis_is_away_pages_are_rendered_and_their_clients_told_to_try_again()
    {
        await _browser.PostAsync("/sign-in", null);
        _redis.Kill();

        (await _browser.GetStringAsync("/page")).Should().Contain("<head></head>");
        await (await _browser.PostAsync("/hub-token", null)).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, params string[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        foreach (var header in headers.Select(
            header => header.Replace("{own}", _browser.BaseAddress!.GetLeftPart(UriPartial.Authority)).Split(": ")))
        {
            request.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        return await _browser.SendAsync(request);
    }

    private async Task ShouldOpenForAliceAsync(string? token)
    {
        AccessToken.TryParse(token, out var parsed).Should().BeTrue();
        var record = (await _site.Services.GetRequiredService<ISpendingTokenStore>().SpendAsync(parsed)).Record!;
        record.Should().BeEquivalentTo(new { Subject = "7", Name = "Alice", Roles = new[] { "editor" }, SessionId = "s1" });
    }

    [GeneratedRegex("""<meta name="hub-token" content="(?<token>[^"]+)" data-cursors="(?<cursors>[^"]+)">""")]
    private static partial Regex Meta();
}
