namespace RealtimeHub.Operations.Settings;

/// <summary>A section of the configuration from which options are read. It serves to find keys that nothing reads.</summary>
/// <param name="Path">As in <c>Redis</c>.</param>
/// <param name="Keys">The keys that the options read.</param>
internal sealed record KnownSection(string Path, IReadOnlyList<string> Keys)
{
    public static KnownSection Of<TOptions>(string path) =>
        new(path, [.. typeof(TOptions).GetProperties().Select(property => property.Name)]);
}
