namespace RealtimeHub.Tests.Fixtures;

/// <summary>nginx with <c>deploy/nginx.conf</c>.</summary>
internal sealed class Nginx : Proxy
{
    private Nginx(int first, int second)
        : base("/usr/sbin/nginx", (directory, port) => Configure(directory, port, first, second))
    {
    }

    public override string Log => string.Concat(
        [base.Log, .. System.IO.Directory.EnumerateFiles(Directory, "*.log").Select(File.ReadAllText)]);

    public static async Task<Nginx> StartAsync(int first, int second)
    {
        var nginx = new Nginx(first, second);
        await nginx.StartAsync();
        return nginx;
    }

    private static string[] Configure(string directory, int port, int first, int second)
    {
        var site = Path.Combine(directory, "realtimehub.conf");
        File.WriteAllText(site, DeployedFile.Read("nginx.conf",
            ("hub-1:5080", $"127.0.0.1:{first}"), ("hub-2:5080", $"127.0.0.1:{second}"), ("listen 80;", $"listen 127.0.0.1:{port};"), ("/var/log/nginx", directory)));
        return Arguments(directory, site);
    }

    /// <summary>A command line with which nginx has one site, and touches nothing outside of a directory.</summary>
    public static string[] Arguments(string directory, string site)
    {
        var main = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(main, $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            pid {{directory}}/pid;
            events {}
            http {
                {{string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {directory}/{kind};"))}}
                include {{site}};
            }
            """);
        return ["-p", directory, "-c", main, "-e", "stderr"];
    }
}
