namespace RealtimeHub.Operations;

/// <summary>Lets an endpoint return a refusal.</summary>
internal sealed class RefusalResult(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => refusal.WriteAsync(httpContext);
}
