namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>A backend that has shown its key.</summary>
/// <param name="Name">The name that its key is configured under.</param>
/// <param name="Scopes">What that is good for.</param>
internal sealed record ApiBackend(string Name, ApiScope Scopes);
