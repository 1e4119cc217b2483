using System.IO.Enumeration;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>The groups that clients join by themselves: those that their tokens allow (<c>mayJoin</c>).</summary>
internal sealed class ClientGroups(LiveGroups live, GroupMembership groups)
{
    /// <summary>Returns when the connection gets the group's messages.</summary>
    /// <exception cref="HubException">The name is none, the token does not allow it, or the connection is in as many groups as it may be.</exception>
    public async Task JoinAsync(ClientConnection connection, ClaimsPrincipal principal, string? name)
    {
        var group = Read(name);
        if (!IsAllowed(principal, name!))
        {
            throw new HubException("group_refused: The token does not allow to join this group. Whoever mints it names such groups in mayJoin.");
        }

        try
        {
            await live.JoinAsync(connection, group, GroupSources.Client);
        }
        catch (InvalidOperationException full)
        {
            throw new HubException($"groups_full: {full.Message}");
        }
    }

    /// <summary>
    /// Returns when the connection gets the group's messages no more, unless something else than its client keeps it in the group. A group
    /// that it has not joined is no mistake.
    /// </summary>
    /// <exception cref="HubException">The name is none.</exception>
    public Task LeaveAsync(ClientConnection connection, string? name) => groups.LeaveAsync(connection, Read(name), GroupSources.Client);

    /// <summary>Whether a token lets its client join a group.</summary>
    public static bool IsAllowed(ClaimsPrincipal principal, string name) =>
        TokenTicket.IdentityOf(principal)?.FindAll(SingleUseTokenDefaults.MayJoinClaimType)
            .Any(pattern => FileSystemName.MatchesSimpleExpression(pattern.Value, name, ignoreCase: false)) == true;

    private static Address Read(string? name) =>
        Identifier.IsValid(name) ? Address.Group(name!) : throw new HubException($"name_invalid: The group {Identifier.Rule}.");
}
