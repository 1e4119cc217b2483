namespace RealtimeHub.Tests.Fixtures;

/// <summary>nginx before one node as whoever has read nothing sets it up: <c>proxy_pass</c> and its defaults.</summary>
internal sealed class PlainNginx : Proxy
{
    private PlainNginx(int behind)
        : base("/usr/sbin/nginx", (directory, port) => Configure(directory, port, behind))
    {
    }

    public static async Task<PlainNginx> StartAsync(int behind)
    {
        var nginx = new PlainNginx(behind);
        await nginx.StartAsync();
        return nginx;
    }

    // Its own log of requests is off, because by default it holds their queries.
    private static string[] Configure(string directory, int port, int behind)
    {
        var main = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(main, $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            pid {{directory}}/pid;
            events {}
            http {
                {{string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {directory}/{kind};"))}}
                access_log off;
                server {
                    listen 127.0.0.1:{{port}};
                    location = / { return 404; }
                    location / { proxy_pass http://127.0.0.1:{{behind}}; }
                }
            }
            """);
        return ["-p", directory, "-c", main, "-e", "stderr"];
    }
}
