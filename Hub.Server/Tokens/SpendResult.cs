using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Tokens;

/// <summary>The outcome of a spend, and the record if it was accepted.</summary>
public readonly record struct SpendResult
{
    private SpendResult(SpendOutcome outcome, TokenRecord? record = null) => (Outcome, Record) = (outcome, record);

    /// <summary>What became of the attempt.</summary>
    public SpendOutcome Outcome { get; }

    /// <summary>Who the token was for.</summary>
    public TokenRecord? Record { get; }

    /// <summary>Whether the token was good.</summary>
    [MemberNotNullWhen(true, nameof(Record))]
    public bool IsAccepted => Outcome == SpendOutcome.Accepted;

    internal static SpendResult Unknown => new(SpendOutcome.Unknown);

    internal static SpendResult Spent => new(SpendOutcome.Spent);

    internal static SpendResult Malformed => new(SpendOutcome.Malformed);

    /// <summary>A record whose connection would already be over is as dead as a token that timed out.</summary>
    internal static SpendResult Of(TokenRecord record, DateTimeOffset now) =>
        record.ExpiresAt <= now ? Unknown : new SpendResult(SpendOutcome.Accepted, record);
}
