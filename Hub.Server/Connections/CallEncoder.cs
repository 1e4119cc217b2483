using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace RealtimeHub.Connections;

/// <summary>Encodes calls on clients as the host's JSON hub protocol does.</summary>
internal sealed class CallEncoder(IHubProtocolResolver protocols)
{
    private readonly IHubProtocol _json = protocols.GetProtocol(Outgoing.Protocol, supportedProtocols: null)
        ?? throw new InvalidOperationException("The push hub speaks SignalR's JSON protocol, which this host has removed.");

    public ReadOnlyMemory<byte> Encode(string method, params object?[] arguments) => _json.GetMessageBytes(new InvocationMessage(method, arguments));
}
