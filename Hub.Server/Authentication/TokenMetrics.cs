using System.Diagnostics.Metrics;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// Counts the tokens that clients showed, by outcome: meter <c>RealtimeHub</c>, counter <c>realtimehub.token.spends</c>.
/// </summary>
internal sealed class TokenMetrics
{
    private readonly Counter<long> _spends;

    public TokenMetrics(IMeterFactory meters) => _spends = meters.Create(HubMeter.Name).CreateCounter<long>(
        "realtimehub.token.spends", "{spend}", "Attempts to spend an access token, by outcome. Outcome spent is a replay.");

    public void Spent(SpendOutcome outcome) => Count(outcome switch
    {
        SpendOutcome.Accepted => "accepted",
        SpendOutcome.Spent => "spent",
        SpendOutcome.Malformed => "malformed",
        _ => "unknown",
    });

    public void StoreUnavailable() => Count("store_unavailable");

    private void Count(string outcome) => _spends.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
