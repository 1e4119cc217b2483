using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Bench.Peers;

/// <summary>
/// Stock SignalR as its documentation advises: JwtBearer with the token from the query
/// (learn.microsoft.com/aspnet/core/signalr/authn-and-authz), and the Redis backplane with a channel prefix (…/signalr/redis-backplane).
/// </summary>
internal static class SignalRPeer
{
    public const string Command = "signalr";

    public static WebApplication Build(int port, string redis)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").UseSockets(sockets => sockets.Backlog = PeerApi.Backlog);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(Configure);
        builder.Services.AddAuthorization();
        builder.Services.AddSignalR()
            .AddStackExchangeRedis(redis, options => options.Configuration.ChannelPrefix = StackExchange.Redis.RedisChannel.Literal("bench"));
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHub<SignalRHub>("/hub");
        Map(app.MapPeerApi());
        app.MapInProcessPush(
            push => app.Services.GetRequiredService<IHubContext<SignalRHub>>().Clients.User(push.User).SendAsync("Receive", push.Message));
        return app;
    }

    private static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/users/{user}/messages", (string user, PeerMessage message, IHubContext<SignalRHub> hub) =>
            PeerApi.AcceptAsync(hub.Clients.User(user).SendAsync("Receive", message)));
        api.MapPost("/groups/{group}/messages", (string group, PeerMessage message, IHubContext<SignalRHub> hub) =>
            PeerApi.AcceptAsync(hub.Clients.Group(group).SendAsync("Receive", message)));
        api.MapPost("/everyone/messages", (PeerMessage message, IHubContext<SignalRHub> hub) =>
            PeerApi.AcceptAsync(hub.Clients.All.SendAsync("Receive", message)));
    }

    private static void Configure(JwtBearerOptions options)
    {
        options.TokenValidationParameters = BearerTokens.Rules;
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                if (context.Request.Query["access_token"] is [{ Length: > 0 } token] && context.HttpContext.Request.Path.StartsWithSegments("/hub"))
                {
                    context.Token = token;
                }

                return Task.CompletedTask;
            },
        };
    }
}
