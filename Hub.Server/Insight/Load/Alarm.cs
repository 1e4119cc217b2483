namespace RealtimeHub.Insight.Load;

/// <summary>Something that an operator should look at.</summary>
/// <param name="Severity"><c>critical</c>: clients or backends feel it. <c>warning</c>: they may soon.</param>
/// <param name="Text">What it is, and what to do, in words.</param>
internal sealed record Alarm(string Severity, string Text)
{
    public static Alarm Critical(string text) => new("critical", text);

    public static Alarm Warning(string text) => new("warning", text);
}
