using System.IO.Enumeration;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>The groups that clients join by themselves: those that their tokens allow (<c>mayJoin</c>).</summary>
internal sealed class ClientGroups(GroupMembership groups, ConnectionRegistry registry)
{
    /// <summary>Returns when the connection gets the group's messages.</summary>
    /// <returns>The head of the group, as it was when the connection was in it; null if that is over.</returns>
    /// <exception cref="HubException">The name is none, the token does not allow it, or the connection is in as many groups as it may be.</exception>
    public async Task<Cursor?> JoinAsync(ClientConnection connection, ClaimsPrincipal principal, string? name)
    {
        var group = Read(name);
        if (!IsAllowed(principal, name!))
        {
            throw new HubException("group_refused: The token does not allow to join this group. Whoever mints it names such groups in mayJoin.");
        }

        try
        {
            await groups.JoinAsync(connection, group, GroupSources.Client);
            return registry.TryFind(group, out var local) ? local.Head : null;
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
    /// <returns>Whether the connection is in it no more.</returns>
    /// <exception cref="HubException">The name is none.</exception>
    public async Task<bool> LeaveAsync(ClientConnection connection, string? name)
    {
        var group = Read(name);
        await groups.LeaveAsync(connection, group, GroupSources.Client);
        return !connection.IsIn(group);
    }

    /// <summary>Whether a token lets its client join a group.</summary>
    public static bool IsAllowed(ClaimsPrincipal principal, string name) =>
        TokenTicket.IdentityOf(principal)?.FindAll(SingleUseTokenDefaults.MayJoinClaimType)
            .Any(pattern => FileSystemName.MatchesSimpleExpression(pattern.Value, name, ignoreCase: false)) == true;

    private static Address Read(string? name) =>
        Identifier.IsValid(name) ? Address.Group(name!) : throw new HubException($"name_invalid: The group {Identifier.Rule}.");
}
