using System.Globalization;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>Shows who is connected, one a line, with tabs between the columns.</summary>
internal static class ShownConnections
{
    public static Outcome Of(UserStatusPage page) =>
        Outcome.Done(string.Join('\n', page.Users.Select(user => $"{user.ConnectionCount}\t{user.User}")), page) with
        {
            Hint = page.Next is { } next ? $"There may be more: --cursor {next}" : null,
        };

    public static Outcome Of(UserConnections user) => Outcome.Done(string.Join('\n', user.Connections.Select(Line)), user) with
    {
        Hint = user.Online ? null : "The user is not connected.",
    };

    /// <summary>A time of which perhaps nothing is known.</summary>
    public static string Text(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture) ?? "-";

    // What a client says of itself stands last but the labels, and has neither tabs nor line ends.
    private static string Line(UserConnection connection) => string.Join('\t',
        connection.Id, connection.Node, Text(connection.Since), connection.Transport ?? "-", connection.Client ?? "-",
        string.Join(", ", connection.Labels));
}
