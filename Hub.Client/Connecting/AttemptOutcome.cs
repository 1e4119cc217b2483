namespace RealtimeHub.Client.Connecting;

/// <summary>What became of an attempt once it is over: it failed, or it brought a connection that has ended since.</summary>
/// <param name="Held">The connection lived long enough that its end is a new failure, not the old one.</param>
/// <param name="Error">Why it is over.</param>
internal readonly record struct AttemptOutcome(bool Held, PushException? Error);
