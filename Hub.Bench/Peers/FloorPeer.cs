using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Peers;

/// <summary>The floor: what no .NET server can do without that lets a user in by a token of Redis and writes to its WebSocket.</summary>
internal static class FloorPeer
{
    public const string Command = "floor";

    private static readonly ConcurrentDictionary<string, WebSocket> Sockets = new();

    public static WebApplication Build(int port, string redis)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").UseSockets(sockets => sockets.Backlog = PeerApi.Backlog);
        var database = ConnectionMultiplexer.Connect(redis).GetDatabase();
        var app = builder.Build();
        app.UseWebSockets();
        app.Map("/hub", context => OpenAsync(context, database));
        var api = app.MapPeerApi();
        api.MapPost("/users/{user}/messages", (string user, PeerMessage message) => PeerApi.AcceptAsync(SendAsync([user], message)));
        api.MapPost("/everyone/messages", (PeerMessage message) => PeerApi.AcceptAsync(SendAsync(Sockets.Keys, message)));
        return app;
    }

    private static async Task OpenAsync(HttpContext context, IDatabase redis)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Query["access_token"].ToString()));
        if (!context.WebSockets.IsWebSocketRequest
            || await redis.StringGetDeleteAsync("hub:token:" + Convert.ToHexStringLower(hash)) is not { HasValue: true } record)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var json = JsonDocument.Parse((byte[])record!);
        var user = json.RootElement.GetProperty("sub").GetString()!;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        Sockets[user] = socket;
        await ReadAsync(socket);
        Sockets.TryRemove(KeyValuePair.Create(user, socket));
    }

    // Reading nothing into nothing holds no buffer while nothing comes.
    private static async Task ReadAsync(WebSocket socket)
    {
        try
        {
            var buffer = new byte[128];
            while (true)
            {
                await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }
            }
        }
        catch (WebSocketException)
        {
            // Gone without a close frame.
        }
    }

    private static async Task SendAsync(IEnumerable<string> users, PeerMessage message)
    {
        var frame = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
        foreach (var user in users)
        {
            if (Sockets.TryGetValue(user, out var socket))
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
    }
}
