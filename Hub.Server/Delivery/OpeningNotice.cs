using RealtimeHub.Authentication;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>
/// Tells a client whose connection opens what it has asked for, ahead of all else: where the heads of its addresses are, and with what it
/// may come back.
/// </summary>
internal sealed class OpeningNotice(CallEncoder calls, TimeProvider time)
{
    /// <param name="connection">The connection, which opens.</param>
    /// <param name="heads">The heads; null if it has not asked for them.</param>
    public void Open(ClientConnection connection, IEnumerable<KeyValuePair<Address, Cursor>>? heads)
    {
        ReadOnlyMemory<byte>[] asked =
        [
            .. heads is null ? [] : (ReadOnlyMemory<byte>[])[calls.EncodeHeads(heads)],
            .. connection.Offer is { } offer ? (ReadOnlyMemory<byte>[])[Connected(offer, connection)] : [],
        ];
        connection.Open(asked switch
        {
            [] => null,
            [var one] => new Outgoing(one),
            [var first, var second] => new Outgoing((byte[])[.. first.Span, .. second.Span]),
            _ => throw new InvalidOperationException("A client asks for two things."),
        });
    }

    private ReadOnlyMemory<byte> Connected(ReconnectOffer offer, ClientConnection connection) =>
        calls.Encode("Connected", new ConnectedCall(offer.Secret.Reveal(), SecondsUntil(connection.Details.Expires)));

    private long? SecondsUntil(DateTimeOffset? expires) =>
        expires is { } end ? Math.Max(0, (long)(end - time.GetUtcNow()).TotalSeconds) : null;
}
