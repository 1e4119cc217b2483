using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;

namespace RealtimeHub.Connections;

/// <summary>The hub at <c>/hub</c>. Clients listen; backends push with <c>IHubContext&lt;PushHub, IPushClient&gt;</c>.</summary>
public sealed class PushHub : Hub<IPushClient>
{
    /// <summary>Joins the groups that the token's record names. The user is reachable when this has ended.</summary>
    public override async Task OnConnectedAsync()
    {
        foreach (var group in Context.User!.FindAll(SingleUseTokenDefaults.GroupClaimType))
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, group.Value, Context.ConnectionAborted);
        }
    }
}
