using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace RealtimeHub.Bench.Peers;

/// <summary>The least that a web app of ASP.NET Core does which knows its users by a cookie, and mints their tokens.</summary>
internal static class WebAppPeer
{
    public const string Command = "web-app";

    public const string TokenPath = "/hub-token";

    public static WebApplication Build(int port, string redis)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").UseSockets(sockets => sockets.Backlog = PeerApi.Backlog);
        builder.Configuration["Redis:Connection"] = redis;
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddRealtimeHubTokens();
        var app = builder.Build();
        app.MapPeerApi();
        app.MapPost("/sign-in/{user}", (string user) => TypedResults.SignIn(PrincipalOf(user)));
        app.MapHubToken(TokenPath);
        return app;
    }

    private static ClaimsPrincipal PrincipalOf(string user) => new(
        new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], CookieAuthenticationDefaults.AuthenticationScheme));
}
