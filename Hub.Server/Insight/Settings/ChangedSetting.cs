namespace RealtimeHub.Insight.Settings;

/// <summary>A setting that is not as it is delivered.</summary>
/// <param name="Key">Such as <c>Tokens:Lifetime</c>.</param>
/// <param name="Value">Its value, without what is secret in it.</param>
internal sealed record ChangedSetting(string Key, string Value);
