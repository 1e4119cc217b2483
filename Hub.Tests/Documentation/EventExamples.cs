using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Control;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>The consumer of events that docs/protocol.md shows, as it stands there: it knows nothing of the hub's own code.</summary>
public sealed class EventExamples : IAsyncLifetime
{
    private readonly int _port = LoopbackPort.Next();
    private Process? _consumer;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_consumer is { HasExited: false })
        {
            _consumer.Kill();
            await _consumer.WaitForExitAsync();
        }

        _consumer?.Dispose();
    }

    [Fact]
    public async Task The_consumer_of_the_page_takes_what_the_hub_has_signed()
    {
        Start(EventConsumer.Secret);
        await using var node = Telling(EventConsumer.Secret);

        await EndAliceAsync(node);

        (await NextLineAsync()).Should().Be("user.online alice {}");
        (await NextLineAsync()).Should().StartWith("connection.ended alice {").And.Contain("'code': 'ended'");
    }

    [Fact]
    public async Task The_consumer_of_the_page_takes_nothing_that_is_signed_with_another_key()
    {
        Start("whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");
        await using var node = Telling(EventConsumer.Secret);

        await EndAliceAsync(node);

        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(line => line.Contains("refuses an event with 401", StringComparison.Ordinal))));
        _consumer!.Kill();
        (await _consumer.StandardOutput.ReadToEndAsync()).Should().BeEmpty();
    }

    private Task<string?> NextLineAsync() => _consumer!.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task EndAliceAsync(Node node)
    {
        await using var client = node.ClientFor("alice", skipNegotiation: true);
        await client.StartAsync();
        await client.InvokeAsync<JsonElement>("Resume", new { from = "head" });
        await node.Services.GetRequiredService<IConnectionControl>().EndUserAsync("alice");
    }

    private Node Telling(string secret) => new(("Events:Url", $"http://127.0.0.1:{_port}/"), ("Events:Secret", secret));

    private void Start(string secret)
    {
        var code = Page.Blocks("docs/protocol.md").Single(block => block.Heading == "Events for backends" && block.Language == "python").Text;
        _consumer = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", code])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["EVENTS_SECRET"] = secret, ["PORT"] = $"{_port}" },
        })!;
        _ = _consumer.StandardError.ReadToEndAsync();
    }
}
