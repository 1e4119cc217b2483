using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Decides who is let in: one token, or one reconnect secret, opens one connection, on every transport.</summary>
internal sealed partial class ConnectionGate(
    TokenSpender tokens, NegotiationTable negotiations, OriginPolicy origins, ConnectionPlaces places,
    CanaryUsers canaries, LogSummary summary, ILogger<ConnectionGate> logger, SecretTaker? secrets = null)
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
            { Kind: HubRequestKind.Refresh, ConnectionToken: { } connection } => await AdmitToRefreshAsync(request, connection, credential),
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

        var spent = await SpendForAsync(negotiation, request, credential);
        return spent.IsSuccess ? Admission.Continuing(request, credential, negotiation) : spent.Reason;
    }

    /// <remarks>What has opened a connection, or has renewed it last, renews it no more.</remarks>
    private async Task<Result<Admission, Refusal>> AdmitToRefreshAsync(HubRequest request, string connectionToken, Credential credential)
    {
        if (negotiations.FindConnection(connectionToken) is not { } negotiation)
        {
            return Refusals.ConnectionUnknown;
        }

        if (BelongsTo(negotiation, request))
        {
            return Refusals.TokenSpent;
        }

        var spent = await SpendForAsync(negotiation, request, credential);
        return spent.IsSuccess ? Admission.Renewing(request, credential, negotiation, new SpentToken(spent.Value)) : spent.Reason;
    }

    /// <summary>Spends a token on a connection that another token of the same user has negotiated.</summary>
    private async Task<Result<TokenRecord, Refusal>> SpendForAsync(Negotiation negotiation, HubRequest request, Credential credential)
    {
        if (credential.Token is null || !negotiation.Hub.Is(request.Hub) || negotiations.FindOwner(credential) is not null)
        {
            return Foreign(negotiation, credential);
        }

        var spent = await tokens.SpendAsync(credential, request.Hub.Path, request.Client);
        return spent.IsSuccess && spent.Value.Subject != negotiation.User
            ? Foreign(negotiation, credential) with { User = spent.Value.Subject }
            : spent;
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
        if (credential.Secret is { } secret)
        {
            return await ReconnectAsync(request, credential, secret, taken);
        }

        var spent = await tokens.SpendAsync(credential, request.Hub.Path, request.Client);
        return spent.IsSuccess
            ? Admission.Opening(request, credential, spent.Value, taken.Move())
            : spent.Reason;
    }

    /// <remarks>A host without a push hub gives no secrets, and takes none.</remarks>
    private async Task<Result<Admission, Refusal>> ReconnectAsync(
        HubRequest request, Credential credential, ReconnectSecret secret, ConnectionPlace place)
    {
        if (secrets is null)
        {
            return Refusals.ReconnectUnknown;
        }

        var back = await secrets.TakeAsync(secret, request);
        return back.IsSuccess ? Admission.ComingBack(request, credential, back.Value, place.Move()) : back.Reason;
    }

    private Refusal Foreign(Negotiation negotiation, Credential credential)
    {
        summary.Report(
            nameof(Log.ConnectionForeign), $"#{credential.Fingerprint} for #{negotiation.TokenHash[..8]}", (count, pairs) => Log.ConnectionForeign(logger, count, pairs));
        return Refusals.ConnectionForeign;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Credentials were shown for connections of other tokens ({Count}): {Pairs}.", EventName = "ConnectionForeign")]
        public static partial void ConnectionForeign(ILogger logger, long count, string pairs);
    }
}
