using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Decides who is let in: one token opens one connection, on every transport.</summary>
internal sealed partial class ConnectionGate(
    IAccessTokenStore tokens, NegotiationTable negotiations, OriginPolicy origins, TokenMetrics metrics, LogSummary summary,
    ILogger<ConnectionGate> logger)
{
    /// <remarks>All that can be refused without the store is refused first: a token is spent only where it can open something.</remarks>
    public async Task<Admission> AdmitAsync(HttpRequest request, SingleUseTokenOptions options)
    {
        if (!origins.Allows(request))
        {
            return Refusals.OriginRefused;
        }

        if (CredentialReader.Read(request, options) is not { } text)
        {
            return Refusals.TokenMissing;
        }

        if (Credential.Parse(text, options.AcceptSeedFormat) is not { } credential)
        {
            return Refusals.TokenMalformed;
        }

        return request.IsNegotiate() ? await AdmitNegotiateAsync(credential, request.HubPath())
            : request.ConnectionToken() is { } connection ? await AdmitToConnectionAsync(connection, credential, request.HubPath())
            : request.IsWebSocketUpgrade() ? await OpenAsync(credential, request.HubPath())
            : Refusals.ConnectionMissing;
    }

    private Task<Admission> AdmitNegotiateAsync(Credential credential, PathString hub)
    {
        // A client whose transport failed comes again with its grant, and goes on as the user it was.
        if (credential.IsGrant && negotiations.FindOwner(credential) is { } negotiation)
        {
            return Task.FromResult(negotiation.HasOpened ? Refusals.TokenSpent : Admission.Continuing(negotiation));
        }

        return OpenAsync(credential, hub);
    }

    private async Task<Admission> AdmitToConnectionAsync(string connectionToken, Credential credential, PathString hub)
    {
        if (negotiations.FindConnection(connectionToken) is not { } negotiation)
        {
            return Refusals.ConnectionUnknown;
        }

        if (negotiation.Owns(credential))
        {
            return Admission.Continuing(negotiation);
        }

        if (credential.IsGrant || negotiations.FindOwner(credential) is not null)
        {
            return Foreign(negotiation, credential);
        }

        var (record, refusal) = await SpendAsync(credential, hub);
        return refusal is not null ? refusal
            : record!.Subject == negotiation.User ? Admission.Continuing(negotiation)
            : Foreign(negotiation, credential);
    }

    private async Task<Admission> OpenAsync(Credential credential, PathString hub)
    {
        var (record, refusal) = await SpendAsync(credential, hub);
        return refusal is not null
            ? refusal
            : Admission.Opening(TokenTicket.For(record!, SingleUseTokenDefaults.AuthenticationScheme), credential.Hash);
    }

    private async Task<(TokenRecord? Record, Refusal? Refusal)> SpendAsync(Credential credential, PathString hub)
    {
        if (credential.Token is not { } token)
        {
            return (null, Refusals.TokenUnknown);
        }

        try
        {
            var spend = await tokens.SpendAsync(token);
            metrics.Spent(spend.Outcome);
            return Judge(spend, credential, hub);
        }
        catch (StoreUnavailableException away)
        {
            metrics.StoreUnavailable();
            summary.Report(nameof(Log.StoreUnavailable), away.InnerException?.Message ?? away.Message, (count, causes) => Log.StoreUnavailable(logger, count, causes));
            return (null, Refusal.StoreUnavailable);
        }
    }

    private (TokenRecord? Record, Refusal? Refusal) Judge(SpendResult spend, Credential credential, PathString hub)
    {
        switch (spend.Outcome)
        {
            case SpendOutcome.Accepted:
                return IsFor(spend.Record!, hub) ? (spend.Record, null) : (null, Refusals.TokenAudience);
            case SpendOutcome.Spent:
                summary.Report(nameof(Log.TokenReplayed), $"#{credential.Fingerprint}", (count, tokens) => Log.TokenReplayed(logger, count, tokens));
                return (null, Refusals.TokenSpent);
            case SpendOutcome.Malformed:
                summary.Report(nameof(Log.RecordMalformed), $"#{credential.Fingerprint}", (count, tokens) => Log.RecordMalformed(logger, count, tokens));
                return (null, Refusals.TokenMalformed);
            default:
                return (null, Refusals.TokenUnknown);
        }
    }

    private static bool IsFor(TokenRecord record, PathString hub) =>
        record.Audience is not { } audience || hub.Value!.Equals(audience.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

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

        [LoggerMessage(4, LogLevel.Error, "Clients were refused because the token store does not answer ({Count}): {Causes}", EventName = "StoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, long count, string causes);
    }
}
