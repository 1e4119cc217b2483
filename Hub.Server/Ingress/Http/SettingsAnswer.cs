using RealtimeHub.Insight.Settings;

namespace RealtimeHub.Ingress.Http;

/// <summary>The settings of a node that are not as they are delivered.</summary>
/// <param name="Settings">By their names.</param>
internal sealed record SettingsAnswer(IReadOnlyList<ChangedSetting> Settings);
