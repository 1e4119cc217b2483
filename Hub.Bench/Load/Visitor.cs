namespace RealtimeHub.Bench.Load;

/// <summary>Somebody who connects.</summary>
/// <param name="Name">The user.</param>
/// <param name="Groups">The groups that the connection joins as it opens.</param>
internal sealed record Visitor(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>So many users with no groups.</summary>
    public static Visitor[] Many(int count) => Many(count, _ => []);

    /// <summary>So many users, each in the groups that its number says.</summary>
    public static Visitor[] Many(int count, Func<int, string[]> groups) =>
        [.. Enumerable.Range(0, count).Select(number => new Visitor($"user{number}", groups(number)))];
}
