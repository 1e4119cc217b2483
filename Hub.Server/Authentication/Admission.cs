using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using RealtimeHub.Authentication.Binding;

namespace RealtimeHub.Authentication;

/// <summary>A request that was let in, and why.</summary>
/// <param name="Request">The request as it was read.</param>
/// <param name="Credential">The credential that it showed.</param>
/// <param name="Ticket">Its user.</param>
/// <param name="Negotiation">The negotiation that the request continues, if it is not the first of its connection.</param>
internal sealed record Admission(HubRequest Request, Credential Credential, AuthenticationTicket Ticket, Negotiation? Negotiation)
{
    public static Admission Opening(HubRequest request, Credential credential, AuthenticationTicket ticket) =>
        new(request, credential, ticket, Negotiation: null);

    public static Admission Continuing(HubRequest request, Credential credential, Negotiation negotiation) =>
        new(request, credential, negotiation.Ticket, negotiation);

    /// <summary>Stores the admission with the request.</summary>
    /// <remarks>
    /// In its items, because SignalR copies those when a connection outlives the request that opened it, as with long polling.
    /// </remarks>
    public void Keep(HttpContext context) => context.Items[typeof(Admission)] = this;

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
