using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class InMemoryAccessTokenStoreTests : AccessTokenStoreTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    public InMemoryAccessTokenStoreTests() => Store = new InMemoryAccessTokenStore(Options.Create(new TokenOptions()), _time);

    private protected override IAccessTokenStore Store { get; }

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
