using RealtimeHub.Operations.Settings;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Finds keys without effect in our sections, or in sections whose names look like ours. Most are misspelled.</summary>
internal static class UnknownSettings
{
    /// <summary>One sentence for each key. Values are not repeated, because they may be secrets.</summary>
    public static IEnumerable<string> In(IServiceProvider services)
    {
        var known = services.GetServices<KnownSection>().SelectMany(section => section.Keys.Select(key => (section.Path, key)))
            .ToLookup(setting => setting.Path, setting => setting.key, StringComparer.OrdinalIgnoreCase);
        var configuration = services.GetRequiredService<IConfiguration>();
        return known.SelectMany(
            section => Misspelled(configuration.GetSection(section.Key), [.. section, .. SectionsIn(section.Key, known)]))
            .Concat(configuration.GetChildren().Where(section => !known.Contains(section.Key))
                .SelectMany(section => InMisspelled(section, known)));
    }

    private static IEnumerable<string> Misspelled(IConfigurationSection section, string[] keys) =>
        from unknown in section.GetChildren()
        where !keys.Contains(unknown.Key, StringComparer.OrdinalIgnoreCase)
        select Sentence(unknown.Path, SpellingSuggestion.To(unknown.Key, keys) is { } key ? $"{section.Path}:{key}" : null);

    private static IEnumerable<string> InMisspelled(IConfigurationSection section, ILookup<string, string> known) =>
        SpellingSuggestion.To(section.Key, known.Select(each => each.Key)) is { } meant
            ? from child in section.GetChildren()
              where known[meant].Contains(child.Key, StringComparer.OrdinalIgnoreCase)
              select Sentence(child.Path, $"{meant}:{child.Key}")
            : [];

    // Another part of the server may own a section inside this one.
    private static IEnumerable<string> SectionsIn(string path, ILookup<string, string> known) => known
        .Where(other => other.Key.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase))
        .Select(other => other.Key[(path.Length + 1)..].Split(':')[0]);

    private static string Sentence(string path, string? meant) =>
        $"{path} is no setting and has no effect.{(meant is null ? "" : $" Did you mean {meant}?")}";
}
