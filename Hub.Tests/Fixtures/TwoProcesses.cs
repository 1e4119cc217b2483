namespace RealtimeHub.Tests.Fixtures;

/// <summary>One Redis and two nodes on it that can die: each a process of its own.</summary>
internal sealed class TwoProcesses : IAsyncDisposable
{
    private readonly RedisServer _redis = new();
    private readonly List<ServerProcess> _nodes = [];

    private TwoProcesses()
    {
    }

    /// <summary>Where each listens.</summary>
    public int[] Ports { get; } = [LoopbackPort.Next(), LoopbackPort.Next()];

    /// <summary>The backend of the second node.</summary>
    public Backend Backend => field ??= new Backend(Ports[1]);

    public static async Task<TwoProcesses> StartAsync()
    {
        var nodes = new TwoProcesses();
        try
        {
            await nodes._redis.InitializeAsync();
            nodes._nodes.AddRange(nodes.Ports.Select(nodes.Start));
            await Task.WhenAll(nodes._nodes.Select(node => node.Announcement));
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the first node as a crash would.</summary>
    public async Task KillFirstAsync()
    {
        await _nodes[0].DisposeAsync();
        _nodes.RemoveAt(0);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await _redis.DisposeAsync();
        Backend.Dispose();
    }

    private ServerProcess Start(int port) => ServerProcess.Start("Production",
        "--urls", $"http://127.0.0.1:{port}", "--Redis:Connection", _redis.Connection, "--Api:Keys:tests", Node.Sha256(Node.ApiKey));
}
