using RealtimeHub.Tests.Documentation;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>nginx with a site that has one hub under a path of its own, by the lines that docs/operations.md gives.</summary>
internal sealed class NginxSite : Proxy
{
    private NginxSite(int node)
        : base("/usr/sbin/nginx", (directory, port) => Configure(directory, port, node))
    {
    }

    public static async Task<NginxSite> StartAsync(int node)
    {
        var nginx = new NginxSite(node);
        await nginx.StartAsync();
        return nginx;
    }

    private static string[] Configure(string directory, int port, int node)
    {
        var location = Page.Blocks("docs/operations.md").Single(block => block.Language == "nginx" && block.Text.Contains("/realtime/", StringComparison.Ordinal)).Text;
        var site = Path.Combine(directory, "site.conf");
        File.WriteAllText(site, $$"""
            server {
                listen 127.0.0.1:{{port}};
                access_log off;
                {{location.Replace("127.0.0.1:5080", $"127.0.0.1:{node}", StringComparison.Ordinal)}}
                location / { return 404; }
            }
            """);
        return Nginx.Arguments(directory, site);
    }
}
