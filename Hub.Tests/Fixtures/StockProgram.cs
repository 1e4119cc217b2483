namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// SignalR's own client of another package than the tests' in a process of its own, which comes back by itself when its connection ends.
/// <c>Hub.Tests/Clients/StockClient.cs</c> says what it understands and writes.
/// </summary>
internal sealed class StockProgram : IAsyncDisposable
{
    public const string Dotnet11 = ".NET 11", JavaScript = "JavaScript";

    private readonly ClientProgram _program;
    private readonly Func<Task<string>> _token;
    private int _tokensAsked;

    private StockProgram(string kind, string[] arguments, Func<Task<string>> token)
    {
        _token = token;
        _program = kind == JavaScript
            ? ClientProgram.Node("stock/stockClient.mjs", arguments, AnswerAsync)
            : ClientProgram.Dotnet(["stock", .. arguments], AnswerAsync);
    }

    /// <summary>How often it has asked for a token.</summary>
    public int TokensAsked => _tokensAsked;

    /// <summary>Runs one, and returns when it is connected.</summary>
    /// <param name="kind">Which: one of the constants.</param>
    /// <param name="hub">Where to.</param>
    /// <param name="negotiates">Whether it negotiates before it opens its WebSocket.</param>
    /// <param name="token">Gives it a token, each time that it asks.</param>
    public static async Task<StockProgram> ConnectAsync(string kind, Uri hub, bool negotiates, Func<Task<string>> token)
    {
        var client = new StockProgram(kind, [$"{hub}", negotiates ? "negotiate" : "skip"], token);
        await client._program.WriteAsync("start");
        (await client.NextAsync()).Should().Be("connected");
        return client;
    }

    /// <summary>Calls a method of the hub.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="arguments">A JSON array.</param>
    public Task InvokeAsync(string method, string arguments = "[]") => _program.WriteAsync($"invoke {method} {arguments}");

    /// <summary>The next thing that has happened to it.</summary>
    public Task<string> NextAsync() => _program.NextAsync();

    /// <summary>Has it close its connection and end, and returns what has happened to it that nobody has asked for.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await _program.WriteAsync("stop");
        return await _program.ReadToEndAsync();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private async Task<string?> AnswerAsync(string line)
    {
        if (line != "token")
        {
            return null;
        }

        Interlocked.Increment(ref _tokensAsked);
        return $"token {await _token()}";
    }
}
