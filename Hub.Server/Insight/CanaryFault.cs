using System.Net.WebSockets;
using RealtimeHub.Redis;

namespace RealtimeHub.Insight;

/// <summary>What keeps a canary from what it does.</summary>
internal static class CanaryFault
{
    public static string ReasonOf(Exception failure) => failure switch
    {
        StoreUnavailableException away => away.Fault.Summary,
        OperationCanceledException => "the node did not answer its own client in time.",
        WebSocketException or HttpRequestException =>
            $"{failure.Message} {failure.InnerException?.Message} (An address that takes only HTTP/2, or only clients with a certificate, cannot be used.)",
        _ => failure.Message,
    };
}
