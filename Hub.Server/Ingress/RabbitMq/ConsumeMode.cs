namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// How messages are taken after the library could not read one, which ends the connection before anybody knows which it was.
/// </summary>
internal enum ConsumeMode
{
    /// <summary>As many as the prefetch allows.</summary>
    Prefetch,

    /// <summary>One after the other: the one that cannot be read is the only one that goes back, to the head of the queue.</summary>
    OneByOne,

    /// <summary>The one at the head of the queue is put aside unread.</summary>
    PassOver,
}
