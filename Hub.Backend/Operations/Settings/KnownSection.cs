namespace RealtimeHub.Operations.Settings;

/// <summary>A section of the configuration from which options are read. It serves to find keys that nothing reads.</summary>
/// <param name="Path">As in <c>Redis</c>.</param>
/// <param name="Keys">The keys that the options read.</param>
/// <param name="DefaultOf">What is taken where a key is not set.</param>
internal sealed record KnownSection(string Path, IReadOnlyList<string> Keys, Func<string, object?> DefaultOf)
{
    public static KnownSection Of<TOptions>(string path) => new(
        path,
        [.. typeof(TOptions).GetProperties().Select(property => property.Name)],
        key => typeof(TOptions).GetProperty(key)?.GetValue(Activator.CreateInstance<TOptions>()));
}
