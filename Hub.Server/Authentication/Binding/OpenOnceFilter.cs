using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Authentication.Binding;

/// <summary>
/// Notes that a negotiated connection opens: from then on its grant cannot negotiate. Ends the connection if it is not the one to which the
/// request was let in, or if the client has negotiated another since.
/// </summary>
internal sealed class OpenOnceFilter : IHubFilter
{
    private static readonly object Superseded = new();

    /// <summary>Whether a connection was ended here, because its client has negotiated another.</summary>
    public static bool HasEnded(HubConnectionContext connection) => connection.Items.ContainsKey(Superseded);

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (MayOpen(context.Context))
        {
            return next(context);
        }

        context.Context.Items[Superseded] = true;
        context.Context.Abort();
        return Task.CompletedTask;
    }

    private static bool MayOpen(HubCallerContext connection) =>
        connection.GetHttpContext() is not { } http
        || Admission.Of(http)?.Negotiation is not { } negotiation
        || negotiation.TryOpen(connection.ConnectionId);
}
