using System.Net.WebSockets;

namespace RealtimeHub.Tests.Transport;

public sealed class OwnTransportTests() : TransportContract(isOwn: true)
{
    /// <summary>SignalR's cuts them off.</summary>
    [Fact]
    public async Task When_the_host_stops_clients_are_told_and_closed()
    {
        using var client = await GreetedAsync();

        // Whoever stops a host waits in it for the connections.
        var stopping = Task.Run(StopAsync);

        (await client.NextAsync()).Should().Be("""{"type":7,"allowReconnect":true}""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
        await client.CloseAsync();
        await stopping;
    }
}
