namespace RealtimeHub.Routing;

/// <summary>
/// An idempotency key was shown that stands, for five minutes, for a message of another type or payload at the same address. Nothing was
/// published.
/// </summary>
public sealed class IdempotencyConflictException : InvalidOperationException
{
    internal const string Rule =
        "The idempotency key stands for another message at this address: its type or its payload differs. Nothing was published. Give each message a key of its own, and try again with the same bytes.";

    internal IdempotencyConflictException()
        : base(Rule)
    {
    }
}
