using System.Net;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Spends what clients show, within the limits of their attempts, and says what they may do with it.</summary>
internal sealed partial class TokenSpender(
    ISpendingTokenStore tokens, AttemptRate attempts, TokenMetrics metrics, CanaryUsers canaries,
    IOptionsMonitor<SingleUseTokenOptions> options, LogSummary summary, ILogger<TokenSpender> logger)
{
    /// <param name="credential">What is shown.</param>
    /// <param name="hub">The path of the hub that it is to be good for.</param>
    /// <param name="client">The client's network, by which its attempts are limited; null if they are not.</param>
    public async Task<Result<TokenRecord, Refusal>> SpendAsync(Credential credential, string hub, IPNetwork? client)
    {
        var limited = canaries.HasMinted(credential) ? null : client;
        if (attempts.Take(limited) is { } refusal)
        {
            return refusal;
        }

        using var span = HubSpans.Begin("spend");
        var spent = credential.Token is { } token ? await SpendAsync(token, credential, hub) : Refusals.TokenUnknown;
        if (!spent.IsSuccess)
        {
            span.Refuse(spent.Reason.Code);
        }

        if (spent.Reason is { Status: StatusCodes.Status401Unauthorized })
        {
            attempts.Fail(limited);
        }

        return spent;
    }

    /// <summary>The same for what is shown on a connection that is open already.</summary>
    /// <param name="token">What is shown; null for nothing.</param>
    /// <param name="hub">As for <see cref="SpendAsync(Credential, string, IPNetwork?)"/>.</param>
    /// <param name="client">Likewise.</param>
    public async Task<Result<SpentToken, Refusal>> SpendAsync(string? token, string hub, IPNetwork? client)
    {
        var scheme = options.Get(SingleUseTokenDefaults.AuthenticationScheme);
        if (token is null || Credential.Parse(token, scheme.AcceptSeedFormat) is not { Token: not null } credential)
        {
            return Refusals.TokenMalformed;
        }

        var spent = await SpendAsync(credential, hub, client);
        return spent.IsSuccess ? new SpentToken(spent.Value) : spent.Reason;
    }

    private async Task<Result<TokenRecord, Refusal>> SpendAsync(AccessToken token, Credential credential, string hub)
    {
        try
        {
            var spend = await tokens.SpendAsync(token);
            var isCanary = canaries.HasMinted(credential);
            if (!isCanary)
            {
                metrics.Spent(spend.Outcome);
            }

            if (spend.IsAccepted && !isCanary && CanaryUsers.IsNamedLikeOne(spend.Record.Subject))
            {
                return Refusals.TokenUnknown;
            }

            return Judge(spend, credential, hub);
        }
        catch (StoreUnavailableException away)
        {
            metrics.StoreUnavailable();
            summary.Report(
                nameof(Log.StoreUnavailable), away.Fault.Said ?? away.Fault.Summary,
                (count, causes) => Log.StoreUnavailable(logger, count, causes));
            return Refusal.StoreUnavailableBecause(away.Fault.Summary);
        }
    }

    private Result<TokenRecord, Refusal> Judge(SpendResult spend, Credential credential, string hub)
    {
        if (spend.IsAccepted)
        {
            return spend.Record.IsFor(hub) ? spend.Record : Refusals.TokenAudience with { User = spend.Record.Subject };
        }

        switch (spend.Outcome)
        {
            case SpendOutcome.Spent:
                summary.Report(nameof(Log.TokenReplayed), $"#{credential.Fingerprint}", (count, tokens) => Log.TokenReplayed(logger, count, tokens));
                return Refusals.TokenSpent;
            case SpendOutcome.Malformed:
                ReportRecord(spend, credential);
                return Refusals.TokenMalformed;
            default:
                ReportRecord(spend, credential);
                return Refusals.TokenUnknown;
        }
    }

    private void ReportRecord(SpendResult spend, Credential credential)
    {
        if (spend.Mistake is { } mistake)
        {
            summary.Report(nameof(Log.RecordMalformed), $"#{credential.Fingerprint}: {mistake}", (count, tokens) => Log.RecordMalformed(logger, count, tokens));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Spent tokens were shown again ({Count}): {Tokens}.", EventName = "TokenReplayed")]
        public static partial void TokenReplayed(ILogger logger, long count, string tokens);

        [LoggerMessage(2, LogLevel.Warning, "The records of tokens cannot be used ({Count}): {Tokens}. Whoever minted them broke the contract in docs/protocol.md.", EventName = "RecordMalformed")]
        public static partial void RecordMalformed(ILogger logger, long count, string tokens);

        [LoggerMessage(3, LogLevel.Error, "Clients were refused because the token store does not answer, or refuses ({Count}): {Causes}", EventName = "StoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, long count, string causes);
    }
}
