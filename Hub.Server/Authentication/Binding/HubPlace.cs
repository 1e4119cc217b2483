namespace RealtimeHub.Authentication.Binding;

/// <summary>Which hub of a host a request is for. A credential made at one hub opens nothing at another.</summary>
/// <param name="Mapping">Marks one call of <c>MapHub</c>: a negotiate and the requests that follow it have the same, and nothing else
/// has it.</param>
/// <param name="Path">The path that a token's audience names. One mapping may have several, if its pattern has parameters.</param>
internal readonly record struct HubPlace(SingleUseTokenMetadata Mapping, string Path)
{
    public bool Is(HubPlace other) => Mapping == other.Mapping && HasPath(other.Path);

    public bool HasPath(string path) => Path.Equals(path, StringComparison.OrdinalIgnoreCase);
}
