using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Bench.Peers;

/// <summary>The stock hub: a connection joins the groups of its token.</summary>
[Authorize]
internal sealed class SignalRHub : Hub
{
    public override async Task OnConnectedAsync()
    {
        foreach (var group in Context.User!.FindAll(BearerTokens.GroupClaim))
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, group.Value);
        }
    }
}
