using RealtimeHub.Operations;
using RealtimeHub.Redis;

namespace RealtimeHub.Ingress.Http;

/// <summary>What a backend is told where Redis, or a node that has to be asked, does not answer.</summary>
internal static class NodesAsked
{
    /// <summary>The result of what asks them, or the refusal.</summary>
    public static async Task<IResult> TryAsync(Func<Task<IResult>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StoreUnavailableException away)
        {
            return Refusal.StoreUnavailableBecause(away.Fault.Summary);
        }
        catch (Exception silent) when (silent is TimeoutException or NotSupportedException)
        {
            return ApiRefusals.NodeUnavailable(silent.Message);
        }
    }
}
