using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Decides who is let in: one token opens one connection, on every transport.</summary>
internal sealed partial class ConnectionGate(
    ISpendingTokenStore tokens, NegotiationTable negotiations, OriginPolicy origins, ConnectionPlaces places, AttemptRate attempts,
    TokenMetrics metrics, CanaryUsers canaries, LogSummary summary, ILogger<ConnectionGate> logger)
{
    /// <remarks>Refuses what it can without the store first, so that a token is spent only if it can open something.</remarks>
    public async Task<Result<Admission, Refusal>> AdmitAsync(HubRequest request)
    {
        if (!origins.Allows(request))
        {
            return Refusals.OriginRefused;
        }

        if (request.Credential is not { } credential)
        {
            return request.ShowsCredential ? Refusals.TokenMalformed : Refusals.TokenMissing;
        }

        return request switch
        {
            { Kind: HubRequestKind.Negotiate } => await AdmitNegotiateAsync(request, credential),
            { Kind: HubRequestKind.Connection, ConnectionToken: { } connection } =>
                await AdmitToConnectionAsync(request, connection, credential),
            { Kind: HubRequestKind.WebSocket or HubRequestKind.Single } => await OpenAsync(request, credential),
            _ => Refusals.ConnectionMissing,
        };
    }

    private async Task<Result<Admission, Refusal>> AdmitNegotiateAsync(HubRequest request, Credential credential)
    {
        if (credential.Grant is null || negotiations.FindOwner(credential) is not { } negotiation)
        {
            return await OpenAsync(request, credential);
        }

        // A client whose transport failed negotiates again with its grant, as the same user. A grant that is used up is refused here,
        // before SignalR makes a connection that nobody could open.
        return !BelongsTo(negotiation, request) ? Foreign(negotiation, credential)
            : negotiation.IsUsedUp ? Refusals.TokenSpent
            : Admission.Continuing(request, credential, negotiation);
    }

    private async Task<Result<Admission, Refusal>> AdmitToConnectionAsync(HubRequest request, string connectionToken, Credential credential)
    {
        if (negotiations.FindConnection(connectionToken) is not { } negotiation)
        {
            return Refusals.ConnectionUnknown;
        }

        if (BelongsTo(negotiation, request))
        {
            return Admission.Continuing(request, credential, negotiation);
        }

        if (credential.Grant is not null || !negotiation.Hub.Is(request.Hub) || negotiations.FindOwner(credential) is not null)
        {
            return Foreign(negotiation, credential);
        }

        var spent = await SpendAsync(request, credential);
        return !spent.IsSuccess ? spent.Reason
            : spent.Value.Subject == negotiation.User ? Admission.Continuing(request, credential, negotiation)
            : Foreign(negotiation, credential);
    }

    private static bool BelongsTo(Negotiation negotiation, HubRequest request) =>
        negotiation.Hub.Is(request.Hub) && negotiation.Owns(request);

    private async Task<Result<Admission, Refusal>> OpenAsync(HubRequest request, Credential credential)
    {
        var place = canaries.HasMinted(credential) ? ConnectionPlace.Unlimited : places.Take(request.Kind, request.Client);
        if (!place.IsSuccess)
        {
            return place.Reason;
        }

        using var taken = place.Value;
        var spent = await SpendAsync(request, credential);
        return spent.IsSuccess
            ? Admission.Opening(
                request, credential, TokenTicket.For(spent.Value, SingleUseTokenDefaults.AuthenticationScheme), taken.Move())
            : spent.Reason;
    }

    private async Task<Result<TokenRecord, Refusal>> SpendAsync(HubRequest request, Credential credential)
    {
        var client = canaries.HasMinted(credential) ? null : request.Client;
        if (attempts.Take(client) is { } refusal)
        {
            return refusal;
        }

        var spent = credential.Token is { } token ? await SpendAsync(token, credential, request.Hub) : Refusals.TokenUnknown;
        if (spent.Reason is { Status: StatusCodes.Status401Unauthorized })
        {
            attempts.Fail(client);
        }

        return spent;
    }

    private async Task<Result<TokenRecord, Refusal>> SpendAsync(AccessToken token, Credential credential, HubPlace hub)
    {
        try
        {
            var spend = await tokens.SpendAsync(token);
            if (!spend.IsAccepted || !canaries.Contains(spend.Record.Subject))
            {
                metrics.Spent(spend.Outcome);
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

    private Result<TokenRecord, Refusal> Judge(SpendResult spend, Credential credential, HubPlace hub)
    {
        if (spend.IsAccepted)
        {
            return IsFor(spend.Record, hub) ? spend.Record : Refusals.TokenAudience;
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

    private static bool IsFor(TokenRecord record, HubPlace hub) =>
        record.Audience is not { } audience || hub.HasPath(audience.TrimEnd('/'));

    private Refusal Foreign(Negotiation negotiation, Credential credential)
    {
        summary.Report(
            nameof(Log.ConnectionForeign), $"#{credential.Fingerprint} for #{negotiation.TokenHash[..8]}", (count, pairs) => Log.ConnectionForeign(logger, count, pairs));
        return Refusals.ConnectionForeign;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Spent tokens were shown again ({Count}): {Tokens}.", EventName = "TokenReplayed")]
        public static partial void TokenReplayed(ILogger logger, long count, string tokens);

        [LoggerMessage(2, LogLevel.Warning, "The records of tokens cannot be used ({Count}): {Tokens}. Whoever minted them broke the contract in docs/protocol.md.", EventName = "RecordMalformed")]
        public static partial void RecordMalformed(ILogger logger, long count, string tokens);

        [LoggerMessage(3, LogLevel.Warning, "Credentials were shown for connections of other tokens ({Count}): {Pairs}.", EventName = "ConnectionForeign")]
        public static partial void ConnectionForeign(ILogger logger, long count, string pairs);

        [LoggerMessage(4, LogLevel.Error, "Clients were refused because the token store does not answer, or refuses ({Count}): {Causes}", EventName = "StoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, long count, string causes);
    }
}
