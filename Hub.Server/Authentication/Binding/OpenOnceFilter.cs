using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Authentication.Binding;

/// <summary>
/// Notes that a negotiated connection opens: from then on its grant cannot negotiate, and when it ends its place is free. Ends the
/// connection if it is not the one to which the request was let in, or if the client has negotiated another since.
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

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        (context.Context.Items.TryGetValue(typeof(Negotiation), out var opened) ? opened as Negotiation : null)?.GiveBackPlace();
        return next(context, exception);
    }

    private static bool MayOpen(HubCallerContext connection)
    {
        if (connection.GetHttpContext() is not { } http)
        {
            return true;
        }

        if (Admission.Of(http)?.Negotiation is not { } negotiation)
        {
            Admission.Forget(http);
            return true;
        }

        // The request that opens it may be over, and forgotten, when the connection ends.
        connection.Items[typeof(Negotiation)] = negotiation;
        return negotiation.TryOpen(connection.ConnectionId);
    }
}
