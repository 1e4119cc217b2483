namespace RealtimeHub.Tests.Fixtures;

/// <summary>One Redis and two nodes on it.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    public RedisServer Redis { get; } = new();

    public Node First { get; private set; } = null!;

    public Node Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Redis.InitializeAsync();
        (First, Second) = (Node.On(Redis), Node.On(Redis));
        _ = (First.Address, Second.Address);
    }

    public async Task DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
