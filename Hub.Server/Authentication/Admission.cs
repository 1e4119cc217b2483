using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Authentication.Binding;

namespace RealtimeHub.Authentication;

/// <summary>That a request is let in, and what this rests on.</summary>
/// <param name="Request">What the request is, as it was read.</param>
/// <param name="Credential">What it has shown.</param>
/// <param name="Ticket">Who it is from.</param>
/// <param name="Negotiation">The negotiation that the request continues, if it is not the first of its connection.</param>
internal sealed record Admission(HubRequest Request, Credential Credential, AuthenticationTicket Ticket, Negotiation? Negotiation)
{
    public static Admission Opening(HubRequest request, Credential credential, AuthenticationTicket ticket) =>
        new(request, credential, ticket, Negotiation: null);

    public static Admission Continuing(HubRequest request, Credential credential, Negotiation negotiation) =>
        new(request, credential, negotiation.Ticket, negotiation);

    /// <summary>Remembers with the request that it was let in.</summary>
    /// <remarks>
    /// Among its items, because SignalR takes those along where a connection outlives the request that opened it, as with long polling.
    /// </remarks>
    public void Keep(HttpContext context) => context.Items[typeof(Admission)] = this;

    /// <summary>What was remembered, or null if the request was not let in.</summary>
    public static Admission? Of(HttpContext context) => context.Items[typeof(Admission)] as Admission;

    // A record prints its members, and some are secrets.
    public override string ToString() => $"{nameof(Admission)} to {Request}";
}
