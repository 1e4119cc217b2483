using Microsoft.Extensions.Primitives;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication.Binding;

/// <summary>
/// Runs a request of a connection: tells SignalR which connection it was let in to, and keeps the binding of a negotiated connection
/// alive while it runs.
/// </summary>
internal static class ConnectionEndpoint
{
    /// <param name="connect">Runs a request of a negotiated connection.</param>
    /// <param name="open">Opens a WebSocket that nobody has negotiated.</param>
    public static RequestDelegate Around(RequestDelegate connect, RequestDelegate open) => context => Admission.Of(context) switch
    {
        { Negotiation: { } negotiation, Request.ConnectionToken: { } connectionToken } =>
            ContinueAsync(context, negotiation, connectionToken, connect),
        { Negotiation: not null } => Refusals.ConnectionUnknown.ExecuteAsync(context),
        _ when context.Request.Query.ContainsKey(HubRequestReader.ConnectionParameter) => NamesAnotherConnection.ExecuteAsync(context),
        _ => open(context),
    };

    private static Refusal NamesAnotherConnection { get; } =
        Refusals.RequestAmbiguous("A connection was named after the request had been read.");

    private static async Task ContinueAsync(HttpContext context, Negotiation negotiation, string connectionToken, RequestDelegate connect)
    {
        var negotiations = context.RequestServices.GetRequiredService<NegotiationTable>();
        if (!await negotiations.TryRunAsync(negotiation, connectionToken, connection => ConnectAsync(context, connection, connect)))
        {
            await Refusals.ConnectionUnknown.ExecuteAsync(context);
        }
    }

    /// <remarks>
    /// SignalR finds a connection by the query alone. Writing the gate's result there replaces whatever the client wrote.
    /// </remarks>
    private static Task ConnectAsync(HttpContext context, NegotiatedConnection connection, RequestDelegate connect)
    {
        context.Request.Query = new QueryCollection(
            new Dictionary<string, StringValues>(context.Request.Query, StringComparer.OrdinalIgnoreCase)
            {
                [HubRequestReader.ConnectionParameter] = connection.SignalRToken,
            });
        return connect(context);
    }
}
