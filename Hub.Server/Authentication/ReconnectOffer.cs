using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>What a connection is offered to come back with, until its client has been told.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="Record">What is to be kept under it: the record of the connection's token, as it is stored. Empty if it is.</param>
internal sealed record ReconnectOffer(ReconnectSecret Secret, byte[] Record)
{
    public static ReconnectOffer Of(TokenRecord record) => new(ReconnectSecret.Create(record.Subject), record.ToJson());

    // A record would print its members.
    public override string ToString() => $"{Secret}";
}
