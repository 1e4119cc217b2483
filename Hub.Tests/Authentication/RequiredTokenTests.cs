using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Authentication;
using RealtimeHub.Tests.Connections;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

/// <summary>
/// Required means required: a host that knows its users by a cookie, and hubs that ask for a token beside whatever else stands on them.
/// </summary>
public sealed class RequiredTokenTests : IAsyncLifetime
{
    private const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;

    private static readonly string[] Paths =
        ["class", "before", "after", "default", "anonymous", "options", "group/hub", "named", "plain", "twice", "group-anonymous/hub"];

    private readonly Log _log = new();
    private readonly HttpClient _victim = new();
    private WebApplication _host = null!;

    public static TheoryData<string> Hubs => [.. Paths];

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSignalR();
        builder.Services.AddAuthentication(Cookies).AddCookie().AddSingleUseToken();
        var cookiePolicy = new AuthorizationPolicyBuilder(Cookies).RequireAuthenticatedUser().Build();
        builder.Services.AddAuthorizationBuilder().AddPolicy("cookies", cookiePolicy).SetDefaultPolicy(cookiePolicy)
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(Cookies).RequireClaim(ClaimTypes.NameIdentifier, "victim").Build());
        _host = builder.Build();
        Map(_host, cookiePolicy);
        await _host.StartAsync();
        _victim.BaseAddress = new Uri(
            _host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/");
        (await _victim.PostAsync("sign-in", null)).EnsureSuccessStatusCode();
        (await _victim.GetStringAsync("me")).Should().Be("victim", "the cookie works");
    }

    public async Task DisposeAsync()
    {
        _victim.Dispose();
        await _host.DisposeAsync();
        _log.Leaks.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Hubs))]
    public async Task Nobody_gets_in_by_a_cookie(string path)
    {
        var hub = new RawHub(_victim, path);

        await (await hub.NegotiateAsync(null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        await (await hub.UpgradeAsync("")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        await (await hub.UpgradeAsync("", ("Origin", "https://evil.example"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await (await hub.UpgradeAsync($"access_token={await MintAsync("alice")}", ("Origin", "https://evil.example"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await (await hub.UpgradeAsync("access_token=nonsense")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");
        var (connection, _) = await hub.NegotiatedAsync(await MintAsync("alice"));
        await (await hub.PollAsync(connection, null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        await (await hub.DeleteAsync(connection, null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
    }

    [Theory]
    [MemberData(nameof(Hubs))]
    public async Task The_token_alone_says_who_somebody_is(string path)
    {
        foreach (var (transport, skipNegotiation) in DeliveryTests.Transports.Select(row => ((HttpTransportType)row[0], (bool)row[1])))
        {
            foreach (var cookie in (string?[])[null, await CookieAsync()])
            {
                await using var client = new HubConnectionBuilder().WithUrl(new Uri(_victim.BaseAddress!, path), transport, options =>
                {
                    options.AccessTokenProvider = async () => await MintAsync("alice");
                    options.SkipNegotiation = skipNegotiation;
                    if (cookie is not null)
                    {
                        options.Headers["Cookie"] = cookie;
                    }
                }).Build();
                await client.StartAsync();

                (await client.InvokeAsync<string[]>("WhoAmI")).Should().Equal(["alice", "alice"], "over {0}", transport);
            }
        }
    }

    [Theory]
    [InlineData("editors")]
    [InlineData("policy-alone")]
    [InlineData("requirement-alone")]
    public async Task What_a_hub_demands_in_whatever_form_is_asked_of_the_token_and_not_of_the_cookie(string path)
    {
        var hub = new RawHub(_victim, path);

        await (await hub.NegotiateAsync(await MintAsync("alice"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "policy_refused");
        await (await hub.UpgradeAsync($"access_token={await MintAsync("alice")}")).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "policy_refused");
        (await hub.NegotiateAsync(await MintAsync("alice", "editor"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await hub.UpgradeAsync($"access_token={await MintAsync("alice", "editor")}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
    }

    [Fact]
    public async Task Whoever_may_be_anonymous_needs_a_token_and_no_role()
    {
        var hub = new RawHub(_victim, "lifted");

        await (await hub.NegotiateAsync(null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        (await hub.NegotiateAsync(await MintAsync("alice"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public void The_host_s_own_authorization_sees_no_demand_but_the_token()
    {
        var hubs = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Where(IsHubWithNothingAddedLater).ToList();

        hubs.Should().NotBeEmpty();
        foreach (var metadata in hubs.Select(hub => hub.Metadata))
        {
            metadata.GetOrderedMetadata<IAllowAnonymous>().Should().BeEmpty();
            metadata.GetOrderedMetadata<IAuthorizationRequirementData>().Should().BeEmpty();
            metadata.GetOrderedMetadata<IAuthorizeData>().Should().ContainSingle()
                .Which.AuthenticationSchemes.Should().Be(SingleUseTokenDefaults.AuthenticationScheme);
            metadata.GetOrderedMetadata<AuthorizationPolicy>().Should().ContainSingle()
                .Which.AuthenticationSchemes.Should().Equal(SingleUseTokenDefaults.AuthenticationScheme);
        }

        static bool IsHubWithNothingAddedLater(Endpoint endpoint) =>
            endpoint.Metadata.GetMetadata<HubMetadata>() is not null && !endpoint.DisplayName!.Contains("/group-anonymous", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_between_the_gate_and_the_hub_cannot_name_a_connection()
    {
        var hub = new RawHub(_victim, "plain");
        var (connection, grant) = await hub.NegotiatedAsync(await MintAsync("alice"));

        await (await hub.UpgradeAsync($"access_token={await MintAsync("mallory")}", ("X-Then-Query", $"?id={connection}"))).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");

        await hub.OpenAsync(connection, grant);
    }

    private static void Map(WebApplication host, AuthorizationPolicy cookiePolicy)
    {
        host.UseAuthentication();
        host.UseAuthorization();
        host.Use((context, next) =>
        {
            context.Request.QueryString = context.Request.Headers["X-Then-Query"] is [{ } query] ? new QueryString(query) : context.Request.QueryString;
            return next(context);
        });
        host.MapPost("/sign-in", () => Results.SignIn(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "victim"), new Claim(ClaimTypes.Role, "editor")], Cookies)),
                authenticationScheme: Cookies))
            .AllowAnonymous();
        host.MapGet("/me", (ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier));
        host.MapHub<CookieHub>("/class").RequireSingleUseToken();
        host.MapHub<PlainHub>("/before").RequireAuthorization(cookiePolicy).RequireSingleUseToken();
        host.MapHub<PlainHub>("/after").RequireSingleUseToken().RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = Cookies });
        host.MapHub<AuthorizedHub>("/default").RequireSingleUseToken();
        host.MapHub<AnonymousHub>("/anonymous").RequireSingleUseToken();
        host.MapHub<PlainHub>("/options", options => options.AuthorizationData.Add(new AuthorizeAttribute("cookies"))).RequireSingleUseToken();
        host.MapGroup("/group").RequireAuthorization("cookies").MapHub<PlainHub>("/hub").RequireSingleUseToken();
        host.MapHub<PlainHub>("/named").RequireSingleUseToken().RequireAuthorization("cookies");
        host.MapHub<PlainHub>("/plain").RequireSingleUseToken();
        host.MapHub<PlainHub>("/twice").RequireSingleUseToken().RequireSingleUseToken();
        var open = host.MapGroup("/group-anonymous");
        open.MapHub<CookieHub>("/hub").RequireSingleUseToken();
        ((IEndpointConventionBuilder)open).Finally(endpoint => endpoint.Metadata.Add(new AllowAnonymousAttribute()));
        host.MapHub<EditorsHub>("/editors").RequireSingleUseToken();
        host.MapHub<PlainHub>("/policy-alone").WithMetadata(new AuthorizationPolicyBuilder(Cookies).RequireRole("editor").Build()).RequireSingleUseToken();
        host.MapHub<PlainHub>("/requirement-alone").WithMetadata(new EditorsOnly()).RequireSingleUseToken();
        host.MapHub<EditorsHub>("/lifted").AllowAnonymous().RequireSingleUseToken();
    }

    private async Task<string> MintAsync(string user, params string[] roles) =>
        (await _host.Services.GetRequiredService<IAccessTokenStore>()
            .MintAsync(new TokenRecord { Subject = user, Roles = roles })).Reveal();

    private async Task<string> CookieAsync()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        var answer = await browser.PostAsync(new Uri(_victim.BaseAddress!, "sign-in"), null);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public abstract class WhoHub : Hub
    {
        /// <summary>Every identity that the connection has, to the hub and to its HTTP context.</summary>
        public string[] WhoAmI() =>
        [
            .. Context.User!.Identities.Select(Name),
            .. Context.GetHttpContext()!.User.Identities.Select(Name),
        ];

        private static string Name(ClaimsIdentity identity) => identity.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? "nobody";
    }

    private sealed class EditorsOnly : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new RolesAuthorizationRequirement(["editor"])];
    }

    public sealed class PlainHub : WhoHub;

    [Authorize(AuthenticationSchemes = Cookies)]
    public sealed class CookieHub : WhoHub;

    [Authorize]
    public sealed class AuthorizedHub : WhoHub;

    [AllowAnonymous]
    public sealed class AnonymousHub : WhoHub;

    [Authorize(AuthenticationSchemes = Cookies, Roles = "editor")]
    public sealed class EditorsHub : WhoHub;
}
