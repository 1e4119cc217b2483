using System.Net;
using System.Net.Sockets;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

/// <summary>When another node has died, all its clients come at once.</summary>
public sealed class BacklogTests
{
    private const int Clients = 1_000;

    [Fact]
    public async Task A_thousand_who_come_while_the_node_is_busy_are_kept_and_served()
    {
        await using var server = ServerProcess.Start("Production");
        var address = await server.AddressAsync();
        await server.PauseAsync();

        var clients =
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ConnectAsync(address.Port))).WaitAsync(TimeSpan.FromSeconds(20));

        await server.ResumeAsync();
        (await Task.WhenAll(clients.Select(AskAsync))).Should().AllBe("HTTP/1.1 200 OK");
        Array.ForEach(clients, client => client.Dispose());
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    private static async Task<string?> AskAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using var answer = new StreamReader(client.GetStream());
        return await answer.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
