namespace RealtimeHub.Connections;

/// <summary>How a node sends its clients to others. Section <c>Drain</c>.</summary>
internal sealed class DrainOptions
{
    public const string Section = "Drain";

    public static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);

    /// <summary>
    /// Over how long the clients are spread when they are told to move: up to an hour, 20 seconds by default, 0 for all at once. It takes
    /// less with few connections (a quarter of a second for each), and more with many: no more than 1,000 are told in a second.
    /// </summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(20);
}
