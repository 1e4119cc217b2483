using System.Diagnostics.Metrics;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// Counts the tokens and the reconnect secrets that clients showed, by outcome: meter <c>RealtimeHub</c>, counters
/// <c>realtimehub.token.spends</c> and <c>realtimehub.reconnects</c>.
/// </summary>
internal sealed class TokenMetrics
{
    private readonly Counter<long> _spends;
    private readonly Counter<long> _reconnects;

    public TokenMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateHubMeter();
        _spends = meter.CreateCounter<long>(
            "realtimehub.token.spends", "{spend}", "Attempts to spend an access token, by outcome. Outcome spent is a replay.");
        _reconnects = meter.CreateCounter<long>(
            "realtimehub.reconnects", "{reconnect}", "Attempts to come back by a reconnect secret, by outcome.");
    }

    public void Spent(SpendOutcome outcome) => Count(outcome switch
    {
        SpendOutcome.Accepted => "accepted",
        SpendOutcome.Spent => "spent",
        SpendOutcome.Malformed => "malformed",
        _ => "unknown",
    });

    public void StoreUnavailable() => Count("store_unavailable");

    public void Reconnected(bool isAccepted) => Count(_reconnects, isAccepted ? "accepted" : "unknown");

    public void ReconnectUnavailable() => Count(_reconnects, "store_unavailable");

    private void Count(string outcome) => Count(_spends, outcome);

    private static void Count(Counter<long> counter, string outcome) =>
        counter.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
