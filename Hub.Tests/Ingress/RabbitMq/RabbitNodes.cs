using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>Two nodes on one Redis that consume from one queue, as users of this broker who may do no more than the docs say.</summary>
public sealed class RabbitNodes(RabbitServer rabbit) : IAsyncLifetime
{
    public RedisServer Redis { get; } = new();

    public string Queue { get; } = RabbitServer.NewName();

    public Node First { get; private set; } = null!;

    public Node Second { get; private set; } = null!;

    public RabbitBackend Backend { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Redis.InitializeAsync();
        await rabbit.ControlAsync("add_user", Queue, "s3cret");
        await rabbit.ControlAsync("set_permissions", Queue, $"^{Queue}", $@"^({Queue}|amq\.default$)", $"^{Queue}");
        (First, Second) = (Consuming(), Consuming());
        _ = (First.Address, Second.Address);
        Backend = await RabbitBackend.ConnectAsync(rabbit, Queue);
        await RabbitMqTest.AreOpenAsync(First, Second);
    }

    public async Task DisposeAsync()
    {
        await Backend.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private Node Consuming() => Node.On(Redis, rabbit.Settings(Queue, $"{Queue}:s3cret"));
}
