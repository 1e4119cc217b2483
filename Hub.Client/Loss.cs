namespace RealtimeHub.Client;

/// <summary>
/// Some messages of an address are gone for ever: trimmed from its log, too old, lost by the hub's store, or not readable by this version
/// of the client. The application should load the state that it shows for that address again, from its source.
/// </summary>
/// <param name="Address">Such as <c>user:alice</c>.</param>
public sealed record Loss(string Address);
