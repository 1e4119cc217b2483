using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>A node in memory whose backend is called as on the pages.</summary>
public sealed class DocumentedNode : IAsyncLifetime
{
    public Node Node { get; } = new(("Api:Keys:shop", Node.Sha256(Node.ApiKey)), ("Api:Keys:tests", Node.Sha256("a key that no page shows")));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Node.DisposeAsync().AsTask();
}
