using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Encodes calls on clients as the host's JSON hub protocol does.</summary>
internal sealed class CallEncoder(IHubProtocolResolver protocols)
{
    private readonly IHubProtocol _json = protocols.GetProtocol(Outgoing.Protocol, supportedProtocols: null)
        ?? throw new InvalidOperationException("The push hub speaks SignalR's JSON protocol, which this host has removed.");

    /// <exception cref="ArgumentException">A message among the arguments has a payload that not every client can read.</exception>
    public ReadOnlyMemory<byte> Encode(string method, params object?[] arguments) =>
        arguments.OfType<PushMessage>().Select(message => message.Mistake()).FirstOrDefault(mistake => mistake is not null) is { } mistake
            ? throw new ArgumentException(mistake, nameof(arguments))
            : _json.GetMessageBytes(new InvocationMessage(method, arguments));

    /// <summary>The call that tells where the heads of addresses are.</summary>
    public ReadOnlyMemory<byte> EncodeHeads(IEnumerable<KeyValuePair<Address, Cursor>> heads) =>
        Encode("Heads", heads.ToDictionary(head => head.Key.ToString(), head => head.Value.ToString()));
}
