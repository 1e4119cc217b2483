namespace RealtimeHub.Hosting;

/// <summary>Lets many clients connect at the same moment, as when another node has died.</summary>
internal static class BacklogExtensions
{
    /// <summary>
    /// How many connections the kernel keeps until the node gets round to them. Beyond Kestrel's own 512 it drops what comes, and clients
    /// knock again only a second later. Linux allows no more than <c>net.core.somaxconn</c>, which is as many.
    /// </summary>
    private const int Connections = 4_096;

    public static IWebHostBuilder UseBacklogForStorms(this IWebHostBuilder host) =>
        host.UseSockets(sockets => sockets.Backlog = Connections);
}
