namespace RealtimeHub.Hosting;

/// <summary>Lets many clients connect at the same moment, as when another node has died.</summary>
internal static class BacklogExtensions
{
    /// <summary>
    /// How many connections the kernel keeps until the node accepts them. Kestrel's default is 512: the kernel drops more than that, and
    /// clients try again only a second later. Linux allows at most <c>net.core.somaxconn</c>, by default just as many as are set here.
    /// </summary>
    private const int Connections = 4_096;

    public static IWebHostBuilder UseBacklogForStorms(this IWebHostBuilder host) =>
        host.UseSockets(sockets => sockets.Backlog = Connections);
}
