namespace RealtimeHub.Client.Connecting;

/// <summary>The end of an attempt: it failed, or it brought a connection that has ended since.</summary>
/// <param name="Held">Whether the connection lived long enough that its end counts as a new failure, and waits begin anew.</param>
/// <param name="Error">Why it is over.</param>
internal readonly record struct AttemptOutcome(bool Held, PushException? Error);
