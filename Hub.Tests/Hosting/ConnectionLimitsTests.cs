using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Hosting;
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

        (limits.MaxConcurrentConnections + limits.MaxConcurrentUpgradedConnections).Should().BeLessThan(OpenFiles.Limit()!.Value);
        limits.MaxConcurrentUpgradedConnections.Should().Be(3 * limits.MaxConcurrentConnections);
    }

    [Fact]
    public async Task What_an_operator_sets_holds()
    {
        await using var node = new Node(("Kestrel:Limits:MaxConcurrentConnections", "7"));

        node.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxConcurrentConnections.Should().Be(7);
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
}
