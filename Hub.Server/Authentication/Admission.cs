using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication;

/// <summary>Whether a request is let in: the ticket and what it rests on, or the refusal.</summary>
internal sealed record Admission
{
    [MemberNotNullWhen(true, nameof(Ticket), nameof(Request))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGranted => Refusal is null;

    public AuthenticationTicket? Ticket { get; private init; }

    public Refusal? Refusal { get; private init; }

    /// <summary>What the request is, as it was read.</summary>
    public HubRequest? Request { get; private init; }

    /// <summary>The negotiation that the request continues, if it is not the first of its connection.</summary>
    public Negotiation? Negotiation { get; private init; }

    public static Admission Opening(HubRequest request, AuthenticationTicket ticket) => new() { Request = request, Ticket = ticket };

    public static Admission Continuing(HubRequest request, Negotiation negotiation) =>
        new() { Request = request, Ticket = negotiation.Ticket, Negotiation = negotiation };

    public static implicit operator Admission(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>Remembers with the request that it was let in.</summary>
    /// <remarks>Among its items, because SignalR takes those along where a connection outlives the request that opened it, as with long polling.</remarks>
    public void Keep(HttpContext context) => context.Items[typeof(Admission)] = this;

    /// <summary>What was remembered, or null if the request was not let in.</summary>
    public static Admission? Of(HttpContext context) => context.Items[typeof(Admission)] as Admission;
}
