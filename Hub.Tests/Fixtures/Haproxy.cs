namespace RealtimeHub.Tests.Fixtures;

/// <summary>HAProxy with <c>deploy/haproxy.cfg</c>. Only root may give up root, so anybody else leaves that out.</summary>
internal sealed class Haproxy : Proxy
{
    private Haproxy(int first, int second)
        : base("/usr/sbin/haproxy", (directory, port) => Configure(directory, port, first, second))
    {
    }

    public static async Task<Haproxy> StartAsync(int first, int second)
    {
        var haproxy = new Haproxy(first, second);
        await haproxy.StartAsync();
        return haproxy;
    }

    private static string[] Configure(string directory, int port, int first, int second)
    {
        (string, string)[] places = [("hub-1:5080", $"127.0.0.1:{first}"), ("hub-2:5080", $"127.0.0.1:{second}"), ("bind :80", $"bind 127.0.0.1:{port}")];
        (string, string)[] rights = Environment.IsPrivilegedProcess ? [] : [("chroot /var/lib/haproxy", ""), ("user haproxy", ""), ("group haproxy", "")];
        var file = Path.Combine(directory, "haproxy.cfg");
        File.WriteAllText(file, DeployedFile.Read("haproxy.cfg", [.. places, .. rights]));
        return ["-db", "-f", file];
    }
}
