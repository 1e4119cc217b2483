using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Peers;

namespace RealtimeHub.Bench.Systems;

/// <summary>A web app beside the hub, which clients ask for their tokens, each with the cookie of its user.</summary>
internal sealed class WebApp : IDisposable
{
    private const int InFlight = 64;

    private readonly ServerNode _server;
    private readonly Channel<HttpLine> _free = Channel.CreateUnbounded<HttpLine>();
    private readonly ConcurrentDictionary<string, string> _cookies = [];

    private WebApp(ServerNode server) => _server = server;

    /// <summary>CPU time that it has used so far, in microseconds.</summary>
    public double Cpu => _server.Cpu;

    /// <param name="redis">The hub's.</param>
    public static async Task<WebApp> StartAsync(string redis)
    {
        var app = new WebApp(await ServerNode.StartAsync("The web app", port => Launch(port, redis)));
        for (var line = 0; line < InFlight; line++)
        {
            app._free.Writer.TryWrite(await HttpLine.OpenAsync(app._server.Port));
        }

        return app;
    }

    public Task<long> CompiledMethodsAsync() => _server.CompiledMethodsAsync();

    public Task SignInAsync(IEnumerable<Visitor> visitors) => Parallel.ForEachAsync(visitors, async (visitor, _) =>
    {
        var answer = await AskAsync(Requests.SignIn(visitor.Name));
        _cookies[visitor.Name] = HttpAnswer.Cookie(answer);
    });

    /// <summary>A token for a user who has signed in.</summary>
    public async Task<string> MintAsync(string user)
    {
        var answer = await AskAsync(Requests.Token(_cookies[user]));
        using var json = JsonDocument.Parse(HttpAnswer.Json(answer));
        return json.RootElement.GetProperty("token").GetString()!;
    }

    public void Dispose()
    {
        while (_free.Reader.TryRead(out var line))
        {
            line.Dispose();
        }

        _server.Dispose();
    }

    private static ProcessStartInfo Launch(int port, string redis) => SystemUnderTest.DotNet(
        SystemUnderTest.BesideThis("Hub.Bench.dll"), "serve", WebAppPeer.Command, "--port", $"{port}", "--redis", redis);

    private async Task<string> AskAsync(ReadOnlyMemory<byte> request)
    {
        var line = await _free.Reader.ReadAsync();
        try
        {
            return await line.SendAsync(request) == StatusCodes.Status200OK
                ? line.Answer
                : throw new InvalidOperationException($"The web app refused: {line.Answer}");
        }
        finally
        {
            _free.Writer.TryWrite(line);
        }
    }
}
