namespace RealtimeHub.Operations.Settings;

/// <summary>A section of the configuration that options are read from, so that a key which nobody reads can be told.</summary>
/// <param name="Path">As in <c>Redis</c>.</param>
/// <param name="Keys">What the options read there.</param>
internal sealed record KnownSection(string Path, IReadOnlyList<string> Keys)
{
    public static KnownSection Of<TOptions>(string path) =>
        new(path, [.. typeof(TOptions).GetProperties().Select(property => property.Name)]);
}
