namespace RealtimeHub.Routing.Events;

/// <summary>Who is told that users come and go. Section <c>Presence</c>. The same on every node.</summary>
internal sealed class PresenceOptions
{
    internal const string Section = "Presence";

    /// <summary>
    /// The address to which <c>user.online</c> and <c>user.offline</c> are published as messages, such as <c>group:presence</c>. Empty, the
    /// default: none.
    /// </summary>
    public string Address { get; set; } = "";

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Address);
}
