using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Transport;

/// <summary>The crowd is a process of its own: one process may not have so many files open as both ends take.</summary>
public sealed class SilentCrowdTests
{
    private const int Crowd = 10_000;

    /// <summary>Long enough that most are there at once.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_thousand_who_open_a_WebSocket_and_say_nothing_disturb_nobody_are_sent_away_and_none_is_left(bool isOwn)
    {
        await using var host = await ContractHost.StartAsync(isOwn, HandshakeTimeout, LogLevel.Warning);
        using var listener = host.Listening(out var open);
        await using var crowd = ClientProgram.Dotnet(["silent", $"{host.Hub("chat")}", $"{Crowd}"]);
        for (var silent = 0; silent < Crowd; silent++)
        {
            await crowd.WriteAsync(await host.MintAsync());
        }

        (await crowd.NextAsync()).Should().Be("open");
        using var speaking = await RawClient.ConnectAsync(host.Hub("chat"), await host.MintAsync());
        await speaking.GreetAsync();
        await speaking.InvokeAsync("Echo", "\"a word\"");
        (await speaking.NextAsync()).Should().Be("""{"type":3,"invocationId":"1","result":"a word"}""");
        await speaking.CloseAsync();

        (await crowd.ReadToEndAsync()).Should().Equal($$"""{{Crowd}} {{(int)WebSocketCloseStatus.NormalClosure}} {"error":"Handshake was canceled."}""");
        await Eventually.HoldsAsync(() => Task.FromResult(open() == 0));
    }
}
