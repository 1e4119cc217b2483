namespace RealtimeHub.Ingress.Http;

/// <summary>What a backend is told of the batch that it has published.</summary>
/// <param name="Failed">How many were not published.</param>
/// <param name="Results">What became of each, in the order given.</param>
internal sealed record BatchAnswer(int Failed, IReadOnlyList<BatchResult> Results);
