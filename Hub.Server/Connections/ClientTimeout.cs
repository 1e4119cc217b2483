using System.Reflection;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Connections;

/// <summary>
/// Makes SignalR end a client that is silent for its client timeout (30 seconds) from the first moment on. By itself it begins to check
/// with the client's first ping, so a client that vanished before that would stay for ever.
/// </summary>
/// <remarks>
/// There is no public API for this. If a later framework no longer has the method, checking begins with the first ping, and a test fails.
/// </remarks>
internal static class ClientTimeout
{
    private static readonly Action<HubConnectionContext>? Begin = typeof(HubConnectionContext)
        .GetMethod("StartClientTimeout", BindingFlags.Instance | BindingFlags.NonPublic, [])?.CreateDelegate<Action<HubConnectionContext>>();

    public static void Start(HubConnectionContext connection) => Begin?.Invoke(connection);
}
