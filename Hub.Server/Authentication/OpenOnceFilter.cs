using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Authentication;

/// <summary>Sees a connection open, from when on its grant negotiates no more; ends it if the client has negotiated another since.</summary>
internal sealed class OpenOnceFilter(NegotiationTable negotiations) : IHubFilter
{
    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (MayOpen(context.Context.GetHttpContext()))
        {
            return next(context);
        }

        context.Context.Abort();
        return Task.CompletedTask;
    }

    private bool MayOpen(HttpContext? http) =>
        http?.Request.ConnectionToken() is not { } connectionToken
        || negotiations.FindConnection(connectionToken) is not { } negotiation
        || negotiation.TryOpen(connectionToken);
}
