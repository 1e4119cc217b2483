using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>Tests that share one broker, since one takes five seconds to start; each has an exchange and queues of its own.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitMqCollection : ICollectionFixture<RabbitServer>
{
    public const string Name = "RabbitMQ";
}
