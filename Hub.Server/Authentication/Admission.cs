using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication;

/// <summary>Whether a request is let in: the ticket and what it rests on, or the refusal.</summary>
internal sealed record Admission
{
    public AuthenticationTicket? Ticket { get; private init; }

    public Refusal? Refusal { get; private init; }

    /// <summary>The negotiation that the request continues, if it is not the first of its connection.</summary>
    public Negotiation? Negotiation { get; private init; }

    /// <summary>The hash of the token that this very request has spent, if it has.</summary>
    public string? SpentToken { get; private init; }

    public static Admission Opening(AuthenticationTicket ticket, string spentToken) => new() { Ticket = ticket, SpentToken = spentToken };

    public static Admission Continuing(Negotiation negotiation) => new() { Ticket = negotiation.Ticket, Negotiation = negotiation };

    public static implicit operator Admission(Refusal refusal) => new() { Refusal = refusal };
}
