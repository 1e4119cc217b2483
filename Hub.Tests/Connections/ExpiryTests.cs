using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

public sealed class ExpiryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_ends_when_its_record_says(bool skipNegotiation)
    {
        await using var node = new Node();
        await using var client =
            node.ClientFor(async () => (await node.Tokens.MintAsync(ForThreeSeconds())).Reveal(), skipNegotiation: skipNegotiation);
        var closed = new TaskCompletionSource();
        client.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };

        await client.StartAsync();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static TokenRecord ForThreeSeconds() =>
        new() { Subject = "alice", ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(3) };
}
