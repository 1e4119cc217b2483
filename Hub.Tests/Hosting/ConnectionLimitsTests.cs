using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Hosting;

/// <summary>Nobody opens so many connections that the process has no file left.</summary>
public sealed class ConnectionLimitsTests
{
    [Fact]
    public async Task Connections_are_fewer_than_the_files_that_the_process_may_open()
    {
        await using var node = new Node();

        var limits = node.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        limits.MaxConcurrentConnections.Should().Be(OpenFiles.Quarter()).And.BeLessThan(OpenFiles.Limit()!.Value / 4);
        limits.MaxConcurrentUpgradedConnections.Should().BeNull("it would refuse a client only when its token is spent");
    }

    [Fact]
    public async Task What_an_operator_sets_holds()
    {
        await using var node = new Node(("Kestrel:Limits:MaxConcurrentConnections", "7"));

        node.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxConcurrentConnections.Should().Be(7);
    }

    [Fact]
    public async Task A_node_that_has_as_many_WebSockets_as_there_are_files_for_refuses_the_next_and_its_token_stays_good()
    {
        // The process keeps 256 files for itself: of the other 256, three quarters are for WebSockets.
        const int places = 192;
        await using var server = ServerProcess.StartWithFiles(512, "Development");
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        var sockets = new List<RawSocket>();
        for (var count = 0; count < places; count++)
        {
            sockets.Add(await RawSocket.OpenAsync(client.BaseAddress, await MintAsync(client)));
        }

        var token = await MintAsync(client);
        await (await new RawHub(client).UpgradeAsync($"access_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "node_full");
        sockets[0].Dispose();
        await Eventually.HoldsAsync(async () =>
            (await new RawHub(client).UpgradeAsync($"access_token={token}")).StatusCode == HttpStatusCode.SwitchingProtocols);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData("0", "positive")]
    [InlineData("many", "at 'Kestrel:Limits:MaxConcurrentConnections'")]
    public async Task What_Kestrel_does_not_take_is_told_by_its_section(string value, string why)
    {
        var run = await CommandRun.OfAsync("config", "check", "--Kestrel:Limits:MaxConcurrentConnections", value);

        run.ExitCode.Should().Be(1);
        (run.Output + run.Error).Should().Contain("Kestrel:Limits cannot be read: ").And.Contain(why);
    }

    [Fact]
    public async Task Whoever_comes_beyond_them_is_turned_away_and_the_log_says_so_once_a_second()
    {
        await using var server = ServerProcess.Start("Production", "--Kestrel:Limits:MaxConcurrentConnections", "2");
        var port = (await server.AddressAsync()).Port;
        var clients = new List<TcpClient>();
        for (var count = 0; count < 50; count++)
        {
            clients.Add(new TcpClient("127.0.0.1", port));
        }

        await Eventually.HoldsAsync(() => Task.FromResult(server.Output.Contains("maximum number of concurrent connections", StringComparison.Ordinal)));
        var ends = clients.ConvertAll(client => client.GetStream().ReadAsync(new byte[1]).AsTask());
        await Eventually.HoldsAsync(() => Task.FromResult(ends.Count(end => end.IsCompleted) >= clients.Count - 2));
        clients.ForEach(client => client.Dispose());
        await server.TerminateAsync();
        await server.ExitCodeAsync();

        server.Output.Split("maximum number of concurrent connections").Length.Should().BeLessThan(10);
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max locked memory         8388608              8388608              bytes     ", null)]
    public void The_limit_is_what_Linux_says(string line, int? limit) => OpenFiles.SoftLimitIn(["Limit  Soft Limit  Hard Limit  Units", line]).Should().Be(limit);

    private static async Task<string> MintAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/demo/token?user=alice", null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }
}
