using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>A request that was let in, and why.</summary>
/// <param name="Request">The request as it was read.</param>
/// <param name="Credential">The credential that it showed.</param>
/// <param name="Ticket">Its user.</param>
/// <param name="Negotiation">The negotiation that the request continues, if it is not the first of its connection.</param>
/// <param name="Place">The place that was taken for the connection that the request opens.</param>
internal sealed record Admission(
    HubRequest Request, Credential Credential, AuthenticationTicket Ticket, Negotiation? Negotiation, ConnectionPlace Place)
{
    /// <summary>What its token said, if the client asks for a secret: it comes back with it.</summary>
    public TokenRecord? Record { get; private init; }

    /// <summary>What its client came back by; null if that was a token.</summary>
    public Reconnection? Reconnection { get; private init; }

    public static Admission Opening(HubRequest request, Credential credential, TokenRecord record, ConnectionPlace place) =>
        new(request, credential, TokenTicket.For(record, SingleUseTokenDefaults.AuthenticationScheme), Negotiation: null, place)
        {
            Record = request.AsksForSecret ? record : null,
        };

    public static Admission ComingBack(HubRequest request, Credential credential, Reconnection reconnection, ConnectionPlace place) =>
        Opening(request, credential, reconnection.Record!, place) with { Reconnection = reconnection };

    public static Admission Continuing(HubRequest request, Credential credential, Negotiation negotiation) =>
        new(request, credential, negotiation.Ticket, negotiation, ConnectionPlace.Unlimited)
        {
            Record = negotiation.Record,
            Reconnection = negotiation.Reconnection,
        };

    /// <summary>The token that the request renews its connection by; null if it does not.</summary>
    public SpentToken? Renewal { get; private init; }

    public static Admission Renewing(HubRequest request, Credential credential, Negotiation negotiation, SpentToken token) =>
        new(request, credential, token.Ticket, negotiation, ConnectionPlace.Unlimited) { Renewal = token };

    /// <summary>What a connection is offered to come back with; null if the client has not asked.</summary>
    /// <param name="entered">Whether it is in the directory, with what it may come back with.</param>
    public ReconnectOffer? Offer(bool entered) => Record is not { } record ? null
        : entered ? new ReconnectOffer(Reconnection!.Secret!.Value, Record: [])
        : ReconnectOffer.Of(record);

    /// <summary>The connection of this id as it is in the directory before it opens; null if it is to be attached.</summary>
    public AttachedConnection? Entered(string connectionId) =>
        Reconnection?.Entered is { } entered && entered.Id == connectionId ? entered : null;

    /// <summary>
    /// Stores the admission with the request, with which the place ends, unless a negotiated connection keeps it, and what was entered for
    /// a connection that has not opened.
    /// </summary>
    /// <remarks>
    /// In its items, because SignalR copies those when a connection outlives the request that opened it, as with long polling.
    /// </remarks>
    public void Keep(HttpContext context)
    {
        context.Items[typeof(Admission)] = this;
        if (Place != ConnectionPlace.Unlimited)
        {
            context.Response.RegisterForDispose(Place);
        }

        if (Reconnection?.Entered is not null)
        {
            context.Response.RegisterForDisposeAsync(Reconnection);
        }
    }

    /// <summary>The admission of a request, or null if it was not let in.</summary>
    public static Admission? Of(HttpContext context) => context.Items[typeof(Admission)] as Admission;

    /// <summary>Forgets what was remembered, and the parsed query: kept, both would take more room than the connection itself.</summary>
    public static void Forget(HttpContext context)
    {
        context.Items.Remove(typeof(Admission));
        context.Features.Set<IQueryFeature>(null);
        if (context.Items.Count == 0)
        {
            context.Features.Set<IItemsFeature>(null);
        }
    }

    // A record would print its members, and some are secrets.
    public override string ToString() => $"{nameof(Admission)} to {Request}";
}
