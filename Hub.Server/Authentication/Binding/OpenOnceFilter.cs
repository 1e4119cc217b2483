using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Authentication.Binding;

/// <summary>
/// Sees a negotiated connection open, from when on its grant negotiates no more. Ends it if SignalR has found another than the one that the request was
/// admitted to, or if the client has negotiated another since.
/// </summary>
internal sealed class OpenOnceFilter : IHubFilter
{
    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (MayOpen(context.Context))
        {
            return next(context);
        }

        context.Context.Abort();
        return Task.CompletedTask;
    }

    private static bool MayOpen(HubCallerContext connection) =>
        connection.GetHttpContext() is not { } http
        || Admission.Of(http)?.Negotiation is not { } negotiation
        || negotiation.TryOpen(connection.ConnectionId);
}
