using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Authentication;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// Lets an open connection go on by a fresh token of its user. What the token says takes the place of what the one before has said: the
/// end, the session, the labels, the roles and claims, the groups.
/// </summary>
internal sealed class ConnectionRenewal(
    TokenSpender tokens, UserMembership users, GroupMembership groups, LiveGroups live, EndedLabels labels, ConnectionEndings endings,
    TimeProvider time)
{
    /// <summary>Spends the token, and goes on by it.</summary>
    /// <returns>Why not: then the connection stays as it was.</returns>
    /// <exception cref="StoreUnavailableException">Redis does not answer. The token is spent: another one does it.</exception>
    public async Task<Result<RenewAnswer, Refusal>> RenewAsync(ClientConnection connection, HttpContext http, string? token)
    {
        var hub = http.Request.Path.Value!.TrimEnd('/');
        var spent = await tokens.SpendAsync(token, hub, ClientNetwork.Of(http.Connection.RemoteIpAddress));
        return spent.IsSuccess ? await RenewAsync(connection, http, spent.Value) : spent.Reason;
    }

    /// <summary>Goes on by a token that is spent.</summary>
    /// <inheritdoc cref="RenewAsync(ClientConnection, HttpContext, string?)"/>
    public async Task<Result<RenewAnswer, Refusal>> RenewAsync(ClientConnection connection, HttpContext http, SpentToken token)
    {
        if (await TryRenewAsync(connection, http, token) is { } refusal)
        {
            return refusal;
        }

        // A label that has been ended since it was compared has not found the connection yet.
        if (EndOf(connection.Details, token.Ticket) is { } ended)
        {
            connection.Shut(ended);
        }

        return new RenewAnswer(TokenTicket.LifetimeOf(token.Ticket, time.GetUtcNow()));
    }

    /// <returns>Why it is refused; null if it is renewed.</returns>
    private async Task<Refusal?> TryRenewAsync(ClientConnection connection, HttpContext http, SpentToken token)
    {
        var ticket = token.Ticket;
        if (connection.User is not { } user || user != Address.User(TokenTicket.UserOf(ticket)))
        {
            return Refusals.UserForeign;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<SingleUseTokenMetadata>() is { } hub
            && !await hub.Demands.AreMetAsync(http, ticket.Principal))
        {
            return Refusals.PolicyRefused;
        }

        var details = ClientDetails.Of(connection.Details, ticket.Principal);
        if (EndOf(details, ticket) is not null)
        {
            return Refusals.TokenEnded;
        }

        var result = await users.RenewAsync(
            connection, details, details.SecretHash is null ? default(ReadOnlyMemory<byte>) : token.ToRecord(),
            () => GoOnAsync(connection, ticket));
        return result.IsAttached ? null
            : result.Outcome == AttachOutcome.Banned ? Refusals.Banned(result.Text)
            : Refusals.TokenEnded;
    }

    private CloseReason? EndOf(ConnectionDetails details, AuthenticationTicket ticket) =>
        labels.ReasonFor(details.Labels, ticket.Principal);

    /// <summary>
    /// Groups that only the token before has named, or has let the client join, are left, and those of the new one joined.
    /// </summary>
    /// <remarks>
    /// Before anything is waited for, the connection is out of the ones and on its way into the others. If it does not come to its end, the
    /// connection ends, as one whose opening does not.
    /// </remarks>
    private async Task GoOnAsync(ClientConnection connection, AuthenticationTicket ticket)
    {
        var (before, after) = (GroupsOf(connection.Context.User), GroupsOf(ticket.Principal));
        var joined = connection.Groups.Where(group => !ClientGroups.IsAllowed(ticket.Principal, group.Name));
        SignalRState.Renew(connection.Context, ticket);
        try
        {
            await Task.WhenAll(
            [
                .. before.Except(after).Select(group => groups.LeaveAsync(connection, group, GroupSources.Token)),
                .. joined.Select(group => groups.LeaveAsync(connection, group, GroupSources.Client)),
                .. after.Select(group => JoinAsync(connection, group)),
            ]);
        }
        catch (StoreUnavailableException)
        {
            connection.Shut(CloseReason.StoreUnavailable);
        }
        catch (Exception failure)
        {
            endings.Fail(connection, failure);
        }
    }

    // What it is in already, it has been told of.
    private Task JoinAsync(ClientConnection connection, Address group) => connection.IsIn(group)
        ? groups.JoinAsync(connection, group, GroupSources.Token)
        : live.JoinAsync(connection, group, GroupSources.Token);

    private static List<Address> GroupsOf(ClaimsPrincipal user) => [.. TokenTicket.GroupsOf(user).Select(Address.Group).Distinct()];
}
