using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Transport;

namespace RealtimeHub.Connections;

/// <summary>
/// Attaches a connection, or ends one that is refused, and tells a client what it has asked for: where the heads of all its addresses are,
/// in one message with the answer to its handshake, and with what it may come back. Both come ahead of all else.
/// </summary>
internal sealed class ConnectionOpening(
    ConnectionAttachment attachment, IMessageRouter router, ConnectionRegistry registry, OpeningNotice notice, TimeProvider time)
{
    /// <summary>The query parameter of the request by which a client asks for the heads.</summary>
    public const string HeadsParameter = "heads";

    /// <summary>
    /// The longest that the answer to a handshake waits for the heads: a client takes silence for a transport that does not work. Without
    /// them it calls <c>Resume</c>.
    /// </summary>
    internal static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Returns when the connection is reachable, as its user and in these groups, and the heads are on their way; or when it is refused,
    /// and closing. Until it is attached it gets nothing.
    /// </summary>
    public async Task OpenAsync(HubConnectionContext context, ClientConnection connection, IEnumerable<Address> memberOf)
    {
        var attaching = attachment.AttachAsync(connection, memberOf);
        await (connection.Opening is null ? Task.CompletedTask : AnswerInTimeAsync(context, attaching));
        if (!await attaching)
        {
            return;
        }

        notice.Open(connection, connection.Opening is { } opening ? await HeadsAsync(connection, opening) : null);
    }

    private async Task AnswerInTimeAsync(HubConnectionContext context, Task attaching)
    {
        await attaching.WaitAsync(LongestHold, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (attaching.IsCompleted ? ValueTask.CompletedTask : AnswerAloneAsync(context));
    }

    private static ValueTask AnswerAloneAsync(HubConnectionContext context)
    {
        context.Features.Get<IHeldAnswerFeature>()?.Release();
        return context.WriteAsync(PingMessage.Instance);
    }

    /// <remarks>One that was not seen is of a group that another has just put the connection into, or Redis was away before.</remarks>
    private async Task<List<KeyValuePair<Address, Cursor>>> HeadsAsync(ClientConnection connection, OpeningHeads opening)
    {
        var heads = new List<KeyValuePair<Address, Cursor>>();
        foreach (var address in connection.Addresses)
        {
            heads.Add(KeyValuePair.Create(address, opening.At(address) ?? HeadAt(address) ?? await router.HeadAsync(address)));
        }

        return heads;
    }

    private Cursor? HeadAt(Address address) => registry.TryFind(address, out var local) ? local.Head : null;
}
