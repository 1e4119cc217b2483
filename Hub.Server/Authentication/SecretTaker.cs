using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Connections;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// Takes the reconnect secrets that clients show, within the limits of their attempts. A WebSocket that nobody has negotiated is in the
/// directory then: to come back is one round trip. Who negotiates is attached when his connection opens.
/// </summary>
internal sealed partial class SecretTaker(
    IReconnects reconnects, Departures departures, ExpectedUsers expected, AttemptRate attempts, TokenMetrics metrics, TimeProvider time,
    LogSummary summary, ILogger<SecretTaker> logger)
{
    private const int IdBytes = 16;

    public async Task<Result<Reconnection, Refusal>> TakeAsync(ReconnectSecret secret, HubRequest request)
    {
        if (attempts.Take(request.Client) is { } refusal)
        {
            return refusal;
        }

        using var span = HubSpans.Begin("reconnect");
        var taken = request.TakesSecrets ? await ReconnectAsync(secret, request) : Refusals.ReconnectUnknown;
        if (!taken.IsSuccess)
        {
            span.Refuse(taken.Reason.Code);
        }

        if (taken.Reason is { Status: StatusCodes.Status401Unauthorized })
        {
            attempts.Fail(request.Client);
        }

        return taken;
    }

    private async Task<Result<Reconnection, Refusal>> ReconnectAsync(ReconnectSecret secret, HubRequest request)
    {
        var reconnection = new Reconnection(departures, Address.User(secret.User));
        if (request.Kind == HubRequestKind.WebSocket)
        {
            reconnection.Prepare(Next(request), ReconnectSecret.Create(secret.User), expected);
        }

        try
        {
            var refusal = Judge(reconnection, await reconnects.ReconnectAsync(reconnection.User, secret.Hash, reconnection.Next), request);
            await (refusal is null ? ValueTask.CompletedTask : reconnection.DisposeAsync());
            return refusal is null ? reconnection : refusal;
        }
        catch (StoreUnavailableException away)
        {
            // What was asked may have been done.
            await reconnection.DisposeAsync();
            return Unavailable(away);
        }
    }

    private Refusal? Judge(Reconnection reconnection, Reconnected? reconnected, HubRequest request)
    {
        metrics.Reconnected(isAccepted: reconnected is not null);
        if (reconnected is null)
        {
            reconnection.Abandon();
            return Refusals.ReconnectUnknown;
        }

        if (!TokenRecord.TryParse(reconnected.Record.Span, out var record, out _))
        {
            return Refusals.ReconnectUnknown;
        }

        reconnection.Complete(reconnected, record);
        return record.IsFor(request.Hub.Path) ? null : Refusals.TokenAudience with { User = record.Subject };
    }

    private (string Id, ConnectionDetails Details) Next(HubRequest request) =>
        (Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)), new ConnectionDetails
        {
            Since = time.GetUtcNow(),
            Transport = nameof(HttpTransportType.WebSockets),
            Client = request.ClientName,
        });

    private Refusal Unavailable(StoreUnavailableException away)
    {
        metrics.ReconnectUnavailable();
        summary.Report(
            nameof(Log.StoreUnavailable), away.Fault.Said ?? away.Fault.Summary,
            (count, causes) => Log.StoreUnavailable(logger, count, causes));
        return Refusal.StoreUnavailableBecause(away.Fault.Summary);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Clients that come back were refused because the store does not answer, or refuses ({Count}): {Causes}", EventName = "StoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, long count, string causes);
    }
}
