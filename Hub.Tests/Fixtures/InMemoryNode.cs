namespace RealtimeHub.Tests.Fixtures;

/// <summary>One node without Redis.</summary>
public sealed class InMemoryNode : IAsyncLifetime
{
    public Node Node { get; } = new();

    public Task InitializeAsync()
    {
        _ = Node.Address;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();
}
