using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>The option <c>--limit</c>: how long a page of users is.</summary>
internal sealed class LimitOption() : CountOption("--limit", "About how many users", usual: 100, IConnections.MaxUsers, "users");
