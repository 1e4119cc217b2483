using System.Buffers.Text;
using System.Security.Cryptography;

namespace RealtimeHub.Authentication.Binding;

/// <summary>One connection that SignalR has negotiated.</summary>
/// <param name="Id">What SignalR calls it in public: <c>Context.ConnectionId</c>.</param>
/// <param name="SignalRToken">The secret by which SignalR finds it. It never leaves this process, so nobody can name a connection past
/// us.</param>
/// <param name="Token">What the client was given in its place.</param>
internal sealed record NegotiatedConnection(string Id, string SignalRToken, string Token)
{
    private const int TokenBytes = 16;

    public static NegotiatedConnection Create(string id, string signalRToken) =>
        new(id, signalRToken, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)));

    /// <summary>For a client of the oldest protocol, to which the connection's public name is its secret as well.</summary>
    public static NegotiatedConnection OfOldestProtocol(string id) => new(id, id, id);

    // A record prints its members.
    public override string ToString() => Id;
}
