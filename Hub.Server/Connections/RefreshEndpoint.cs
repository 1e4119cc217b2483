using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Redis;

namespace RealtimeHub.Connections;

/// <summary>Renews a negotiated connection as <c>PushHub.Renew</c> does, for SignalR's own clients of .NET 11.</summary>
internal static class RefreshEndpoint
{
    public static async Task RunAsync(HttpContext context)
    {
        if (Admission.Of(context) is not { Negotiation: { ConnectionId: { } id } negotiation, Renewal: { } token } admission
            || !context.RequestServices.GetRequiredService<ConnectionRegistry>().TryFind(id, out var connection))
        {
            await Refusals.ConnectionUnknown.ExecuteAsync(context);
            return;
        }

        var renewed = await TryRenewAsync(context, connection, token);
        if (renewed.IsSuccess)
        {
            negotiation.RenewBy(admission.Credential.Hash);
        }

        await (renewed.IsSuccess ? AnswerAsync(context, id, renewed.Value) : renewed.Reason.ExecuteAsync(context));
    }

    private static async Task<Result<RenewAnswer, Refusal>> TryRenewAsync(
        HttpContext context, ClientConnection connection, SpentToken token)
    {
        try
        {
            return await context.RequestServices.GetRequiredService<ConnectionRenewal>().RenewAsync(connection, context, token);
        }
        catch (StoreUnavailableException away)
        {
            return Refusal.StoreUnavailableBecause(away.Fault.Summary);
        }
    }

    private static Task AnswerAsync(HttpContext context, string connectionId, RenewAnswer renewed)
    {
        context.Response.Headers.CacheControl = "no-store";
        var refreshed = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return context.Response.WriteAsJsonAsync(
            new RefreshAnswer(connectionId, refreshed, renewed.TokenLifetimeSeconds), context.RequestAborted);
    }
}
