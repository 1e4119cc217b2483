namespace RealtimeHub.Tests.Fixtures;

/// <summary>A world in which a few actors take steps.</summary>
/// <param name="Actors">Each yields between two steps, and says when it may go on.</param>
/// <param name="Verify">What must hold when all have come to their end.</param>
internal sealed record Scene(IEnumerable<Func<bool>>[] Actors, Action Verify);
