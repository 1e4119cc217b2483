using System.Globalization;
using RealtimeHub.Operations.Settings;
using StackExchange.Redis;

namespace RealtimeHub.Insight.Settings;

/// <summary>The settings of this node that are not as they are delivered.</summary>
internal sealed class ChangedSettings(IEnumerable<KnownSection> sections, IConfiguration configuration)
{
    private const string Hidden = "***";

    public IReadOnlyList<ChangedSetting> All =>
    [
        .. sections.SelectMany(section => section.Keys.SelectMany(key => In(section, key))).Distinct()
            .OrderBy(setting => setting.Key, StringComparer.Ordinal),
    ];

    private IEnumerable<ChangedSetting> In(KnownSection section, string key)
    {
        var setting = configuration.GetSection($"{section.Path}:{key}");
        return setting.AsEnumerable().Where(each => each.Value is { Length: > 0 } value && !IsDefault(section, key, value))
            .Select(each => new ChangedSetting(each.Key, Shown(each.Key, each.Value!)));
    }

    private static bool IsDefault(KnownSection section, string key, string value) =>
        Convert.ToString(section.DefaultOf(key), CultureInfo.InvariantCulture)?.Equals(value, StringComparison.OrdinalIgnoreCase) == true;

    private static string Shown(string key, string value) => key switch
    {
        "Redis:Connection" => ConfigurationOptions.Parse(value).ToString(includePassword: false),
        "RabbitMq:Uri" or "Events:Url" => new UriBuilder(value) { UserName = "", Password = "", Query = "" }.Uri.ToString(),
        _ when key.Contains("Secret", StringComparison.OrdinalIgnoreCase) || key.StartsWith("Api:Keys:", StringComparison.OrdinalIgnoreCase) => Hidden,
        _ => value,
    };
}
