using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Lets an endpoint return a refusal.</summary>
internal sealed class RefusalResult(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => refusal.WriteAsync(httpContext);
}
