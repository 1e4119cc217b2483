using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class InMemoryAccessTokenStoreTests : AccessTokenStoreTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    public InMemoryAccessTokenStoreTests() =>
        Store = new InMemoryAccessTokenStore(new InMemoryEpochs(_time), Options.Create(new TokenOptions()), _time);

    private protected override ISpendingTokenStore Store { get; }

    [Fact]
    public async Task A_token_opens_nothing_when_its_connection_would_be_over()
    {
        var token = await Store.MintAsync(Alice with { ExpiresAt = _time.GetUtcNow().AddSeconds(5) });
        await AdvanceAsync(TimeSpan.FromSeconds(6));

        (await Store.SpendAsync(token)).Outcome.Should().Be(SpendOutcome.Unknown);
    }

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
