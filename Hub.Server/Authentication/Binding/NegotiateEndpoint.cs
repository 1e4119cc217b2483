using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Authentication.Binding;

/// <summary>Runs SignalR's negotiate, binds the connection that it made to the user, and adds the grant to the answer.</summary>
internal static class NegotiateEndpoint
{
    public static RequestDelegate Around(RequestDelegate negotiate) => context => NegotiateAsync(
        context, Admission.Of(context) ?? throw new InvalidOperationException("A negotiate was let in by nobody."), negotiate);

    private static async Task NegotiateAsync(HttpContext context, Admission admission, RequestDelegate negotiate)
    {
        var body = await CaptureAsync(context, negotiate);
        var answer = context.Response.StatusCode == StatusCodes.Status200OK ? NegotiateAnswer.Parse(body) : null;
        if (answer?.Connection is not { } connection)
        {
            await SendAsync(context, body);
            return;
        }

        await (Bind(context, admission, connection) is { } grant
            ? SendAsync(context, answer.With(grant, LifetimeOf(context, admission)))
            : Refusals.TokenSpent.ExecuteAsync(context));
    }

    private static int? LifetimeOf(HttpContext context, Admission admission) => admission.Request.Hub.Mapping.CanRefresh
        ? TokenTicket.LifetimeOf(admission.Ticket, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())
        : null;

    /// <summary>The grant for the answer, or null if the client's first connection opened while this negotiate ran.</summary>
    private static Grant? Bind(HttpContext context, Admission admission, NegotiatedConnection connection)
    {
        var negotiations = context.RequestServices.GetRequiredService<NegotiationTable>();
        var credential = admission.Credential;
        if (admission.Negotiation is { } negotiation)
        {
            // Only the hash of the grant is kept here, but a client that negotiates again has just shown the grant itself.
            return negotiations.TryRebind(negotiation, connection) ? credential.Grant : null;
        }

        var grant = Grant.Create();
        var made = new Negotiation(admission.Request.Hub, admission.Ticket, credential.Hash, grant.Hash, admission.Place.Move())
        {
            Record = admission.Record,
            Reconnection = admission.Reconnection,
        };
        negotiations.Add(made, connection);
        return grant;
    }

    private static async Task<byte[]> CaptureAsync(HttpContext context, RequestDelegate negotiate)
    {
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var captured = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(captured));
        try
        {
            await negotiate(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Features.Set(original);
            context.Response.ContentLength = null;
        }

        return captured.ToArray();
    }

    private static async Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
