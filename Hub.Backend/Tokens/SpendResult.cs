using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Tokens;

/// <summary>The outcome of a spend, and the record if it was accepted.</summary>
internal readonly record struct SpendResult
{
    private SpendResult(SpendOutcome outcome, TokenRecord? record = null, string? mistake = null) =>
        (Outcome, Record, Mistake) = (outcome, record, mistake);

    /// <summary>What became of the attempt.</summary>
    public SpendOutcome Outcome { get; }

    /// <summary>Who the token was for.</summary>
    public TokenRecord? Record { get; }

    /// <summary>What whoever minted the token did wrong, for the log: which field, and what it takes. Holds no value.</summary>
    public string? Mistake { get; }

    /// <summary>Whether the token was good.</summary>
    [MemberNotNullWhen(true, nameof(Record))]
    public bool IsAccepted => Outcome == SpendOutcome.Accepted;

    public static SpendResult Unknown => new(SpendOutcome.Unknown);

    public static SpendResult Spent => new(SpendOutcome.Spent);

    public static SpendResult Malformed(string mistake) => new(SpendOutcome.Malformed, mistake: mistake);

    /// <summary>A record whose connection would already be over is as dead as a token that timed out.</summary>
    /// <remarks>Where it was over before the token can have been minted, the minter is told: it may have written a duration.</remarks>
    public static SpendResult Of(TokenRecord record, DateTimeOffset now) =>
        record.ExpiresAt is not { } end || end > now ? new SpendResult(SpendOutcome.Accepted, record with { Epoch = record.EpochAt(now) })
        : end > now - TokenOptions.LongestLifetime ? Unknown
        : new SpendResult(SpendOutcome.Unknown, mistake: "exp was over when the token was minted: it is a time, in seconds since 1970 in UTC");
}
