namespace RealtimeHub.Authentication;

/// <summary>Runs a request of a negotiated connection, which keeps the connection's binding alive meanwhile.</summary>
internal static class ConnectionEndpoint
{
    public static RequestDelegate Around(RequestDelegate connect) => context =>
        context.Features.Get<Admission>()?.Negotiation is { } negotiation ? ContinueAsync(context, negotiation, connect) : connect(context);

    private static async Task ContinueAsync(HttpContext context, Negotiation negotiation, RequestDelegate connect)
    {
        var negotiations = context.RequestServices.GetRequiredService<NegotiationTable>();
        if (!await negotiations.TryRunAsync(negotiation, context.Request.ConnectionToken()!, () => connect(context)))
        {
            await Refusals.ConnectionUnknown.ExecuteAsync(context);
        }
    }
}
