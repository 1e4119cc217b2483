using System.Buffers.Text;
using System.Security.Cryptography;

namespace RealtimeHub.Authentication.Binding;

/// <summary>One connection that SignalR has negotiated.</summary>
/// <param name="Id">Its public name in SignalR: <c>Context.ConnectionId</c>.</param>
/// <param name="SignalRToken">The secret by which SignalR finds it. It never leaves this process, so every request must name a
/// connection by <paramref name="Token"/>, which we check.</param>
/// <param name="Token">The secret that the client was given instead.</param>
internal sealed record NegotiatedConnection(string Id, string SignalRToken, string Token)
{
    private const int TokenBytes = 16;

    public static NegotiatedConnection Create(string id, string signalRToken) =>
        new(id, signalRToken, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)));

    /// <summary>For a client of the oldest protocol, in which one name is both public and secret.</summary>
    public static NegotiatedConnection OfOldestProtocol(string id) => new(id, id, id);

    // A record prints its members.
    public override string ToString() => Id;
}
