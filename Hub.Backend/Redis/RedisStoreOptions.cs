using System.Net;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Where Redis is. Section <c>Redis</c>.</summary>
public sealed class RedisStoreOptions
{
    internal const string Section = "Redis";

    /// <summary>
    /// <c>redis://user:password@host:6379/0</c>, <c>rediss://…</c> for TLS, or a StackExchange.Redis connection string: standalone,
    /// Sentinel (<c>serviceName=…</c>) or Cluster. Empty, the default, keeps everything in this process's memory: one node, nothing to
    /// install, all gone at a restart.
    /// </summary>
    public string Connection { get; set; } = "";

    /// <summary>
    /// What every key and channel of ours begins with, so that several hubs can share a Redis. In channels the number of the database
    /// follows. Default <c>hub:</c>.
    /// </summary>
    public string KeyPrefix { get; set; } = "hub:";

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Connection);

    /// <summary>Hosts and ports only: the rest of the connection string may hold a password.</summary>
    internal string Hosts => Name(Parse().EndPoints);

    /// <summary>How often to try to connect before saying that Redis does not answer; null leaves it to the string.</summary>
    internal int? Attempts { get; set; }

    /// <summary>
    /// What every channel begins with. Databases separate keys but not channels, so channels name their database, always: otherwise a hub
    /// with another prefix could mean the same.
    /// </summary>
    internal string ChannelPrefix => $"{KeyPrefix}db{(IsConfigured ? Parse().DefaultDatabase ?? 0 : 0)}:";

    /// <exception cref="FormatException">It cannot be read. What it says repeats nothing of the string.</exception>
    internal ConfigurationOptions Parse()
    {
        var configuration = ConnectionString.Parse(Connection);
        configuration.ConnectRetry = Attempts ?? configuration.ConnectRetry;
        return configuration;
    }

    internal static string Name(IEnumerable<EndPoint> endPoints) => string.Join(", ", endPoints.Select(Name));

    // Port 0 is one that the string does not name.
    private static string? Name(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint { Port: 0 } dns => dns.Host,
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        IPEndPoint { Port: 0 } ip => ip.Address.ToString(),
        _ => endPoint.ToString(),
    };
}
