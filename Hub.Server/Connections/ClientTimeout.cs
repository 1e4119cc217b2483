using System.Reflection;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Connections;

/// <summary>
/// Has SignalR end a client that was silent for its client timeout (30 seconds) from the first moment on. By itself it begins to look with
/// the client's first ping, so whoever was gone before that, without a word to the network, stayed.
/// </summary>
/// <remarks>
/// There is no public way. Where a later framework has no such method either, the client's first ping begins it, and a test fails.
/// </remarks>
internal static class ClientTimeout
{
    private static readonly Action<HubConnectionContext>? Begin = typeof(HubConnectionContext)
        .GetMethod("StartClientTimeout", BindingFlags.Instance | BindingFlags.NonPublic, [])?.CreateDelegate<Action<HubConnectionContext>>();

    public static void Start(HubConnectionContext connection) => Begin?.Invoke(connection);
}
