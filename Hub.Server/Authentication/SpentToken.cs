using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>A token that was good, and is spent.</summary>
internal sealed class SpentToken(TokenRecord record)
{
    /// <summary>Whom it lets in, and until when.</summary>
    public AuthenticationTicket Ticket { get; } = TokenTicket.For(record, SingleUseTokenDefaults.AuthenticationScheme);

    /// <summary>Its record, as it is stored.</summary>
    public byte[] ToRecord() => record.ToJson();
}
