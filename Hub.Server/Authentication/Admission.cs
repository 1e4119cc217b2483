using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
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

    public static Admission Opening(HubRequest request, Credential credential, TokenRecord record, ConnectionPlace place) =>
        new(request, credential, TokenTicket.For(record, SingleUseTokenDefaults.AuthenticationScheme), Negotiation: null, place)
        {
            Record = request.AsksForSecret ? record : null,
        };

    public static Admission Continuing(HubRequest request, Credential credential, Negotiation negotiation) =>
        new(request, credential, negotiation.Ticket, negotiation, ConnectionPlace.Unlimited)
        {
            Record = negotiation.Record,
        };

    /// <summary>What its connection is offered to come back with; null if the client has not asked.</summary>
    public ReconnectOffer? Offer() => Record is { } record ? ReconnectOffer.Of(record) : null;

    /// <summary>Stores the admission with the request, with which the place ends, unless a negotiated connection keeps it.</summary>
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
