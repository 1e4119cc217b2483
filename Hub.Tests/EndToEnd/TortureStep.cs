namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Something that breaks.</summary>
/// <param name="Name">What it is, for who reads of a failure.</param>
/// <param name="TakeAsync">Does it.</param>
internal sealed record TortureStep(string Name, Func<Task> TakeAsync);
