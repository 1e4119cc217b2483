namespace RealtimeHub.Client;

/// <summary>
/// A step in the life of a client. A failed attempt is a step too, so <paramref name="State"/> may equal <paramref name="Previous"/>.
/// </summary>
/// <param name="State">What it is now.</param>
/// <param name="Previous">What it was before.</param>
/// <param name="Error">Why: the drop, the refusal, or what stopped it: a <see cref="SignInRequiredException"/> or an <see cref="EndedException"/>.</param>
/// <param name="RetryIn">Set while the client waits before its next attempt, and null once that attempt begins.</param>
public sealed record StateChange(PushState State, PushState Previous, PushException? Error = null, TimeSpan? RetryIn = null);
