namespace RealtimeHub.Client;

/// <summary>
/// Some messages of an address can no longer be had: trimmed from its log, too old, lost by the hub's store, or
/// not to be read by this version of the client. Whatever an application keeps of that address is to be fetched anew from where it comes
/// from.
/// </summary>
/// <param name="Address">Such as <c>user:alice</c>.</param>
public sealed record Loss(string Address);
