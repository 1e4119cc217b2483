namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// How messages are taken from the queue. A message that the library cannot read ends the connection, and nothing tells which message it
/// was: the modes find it.
/// </summary>
internal enum ConsumeMode
{
    /// <summary>As many as the prefetch allows.</summary>
    Prefetch,

    /// <summary>One at a time: then only the unreadable message returns to the queue, to its head.</summary>
    OneByOne,

    /// <summary>The one at the head of the queue is put aside unread.</summary>
    PassOver,
}
