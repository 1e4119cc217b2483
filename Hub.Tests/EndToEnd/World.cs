using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;
using RealtimeHub.Publishing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Two Redis, two nodes that run as processes of their own, one way to them, and clients of both kinds.</summary>
internal sealed class World : IAsyncDisposable
{
    // Enough that nobody is away for longer, however slow the machine: what is to be lost is trimmed by hand.
    private static readonly string[] Retention = ["--Routing:MaxMessages", "50000"];

    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next()];
    private readonly ServerProcess[] _nodes = new ServerProcess[2];
    private readonly List<PushClient> _connections = [];
    private readonly List<ScriptWitnesses> _scripts = [];
    private IHost _backend = null!;
    private Wire _wire = null!;

    public RedisPair Redis { get; private set; } = null!;

    public List<Witness> Witnesses { get; } = [];

    public IPublisher Publisher => _backend.Services.GetRequiredService<IPublisher>();

    private IAccessTokenStore Tokens => _backend.Services.GetRequiredService<IAccessTokenStore>();

    public static async Task<World> StartAsync()
    {
        var world = new World { Redis = await RedisPair.StartAsync() };
        await Task.WhenAll(world.StartNodeAsync(0), world.StartNodeAsync(1));
        world._wire = new Wire(TimeSpan.Zero, world._ports);
        var builder = Host.CreateApplicationBuilder(["--Redis:Connection", world.Redis.Connection, .. Retention]);
        builder.Logging.ClearProviders();
        builder.Services.AddRealtimeHubTokens().AddRealtimeHubPublisher();
        world._backend = builder.Build();
        await world._backend.StartAsync();
        return world;
    }

    /// <summary>A .NET client, which stays connected until the end.</summary>
    public async Task AddClientAsync(string user, params string[] groups)
    {
        var witness = Add(new Witness($".NET {user}", [$"user:{user}", .. groups.Select(group => $"group:{group}"), "everyone"]));
        var connection = new PushClient(new PushClientOptions
        {
            Url = new Uri($"http://127.0.0.1:{_wire.Port}/hub"),
            Token = async cancellationToken => (await Tokens.MintAsync(
                new TokenRecord { Subject = user, Groups = groups }, cancellationToken)).Reveal(),
            Retry = new RetryOptions { First = TimeSpan.FromMilliseconds(100), Max = TimeSpan.FromSeconds(1) },
        });
        connection.On("*", message =>
        {
            witness.Handle(message.Address, message.Id, message.Payload.GetInt32());
            return Task.CompletedTask;
        });
        connection.OnState(change => witness.Do($"{change.State} {change.Error?.Message}"));
        connection.OnLost(loss =>
        {
            witness.Lose(loss.Address);
            return Task.CompletedTask;
        });
        _connections.Add(connection);
        await connection.StartAsync();
    }

    /// <summary>A client of JavaScript in Node, and pages in Chromium that keep their cursors over reloads.</summary>
    public async Task AddScriptsAsync(string user, params string[] groups)
    {
        var script = await ScriptWitnesses.StartAsync(_wire.Port, user, groups);
        _scripts.Add(script);
        script.Witnesses.ForEach(witness => Add(witness));
    }

    public Task ReloadPagesAsync() => Task.WhenAll(_scripts.Select(script => script.ReloadAsync()));

    public void Cut(int which) => _wire.Cut(which);

    /// <summary>Lets nobody through while something is done.</summary>
    public Task WhileCutOffAsync(Func<Task> action) => _wire.WhileClosedAsync(action);

    public async Task ReplaceNodeAsync(int which)
    {
        await _nodes[which].DisposeAsync();
        await StartNodeAsync(which);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_scripts.Select(script => script.DisposeAsync().AsTask()));
        await Task.WhenAll(_connections.Select(connection => connection.DisposeAsync().AsTask()));
        await _backend.StopAsync();
        _backend.Dispose();
        await _wire.DisposeAsync();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await Redis.DisposeAsync();
    }

    private Witness Add(Witness witness)
    {
        Witnesses.Add(witness);
        return witness;
    }

    private async Task StartNodeAsync(int which)
    {
        _nodes[which] = ServerProcess.Start("Production",
            ["--urls", $"http://127.0.0.1:{_ports[which]}", "--Redis:Connection", Redis.Connection, "--Api:Keys:tests", Node.Sha256(Node.ApiKey), .. Retention]);
        await _nodes[which].Announcement;
    }
}
