namespace RealtimeHub.Hosting;

/// <summary>Which proxies are believed about the clients that come through them. Section <c>Proxies</c>.</summary>
internal sealed class ProxyOptions
{
    internal const string Section = "Proxies";

    /// <summary>
    /// IP addresses, such as <c>192.0.2.7</c>, and networks, such as <c>10.0.0.0/8</c>: what comes from there comes from the IP address
    /// that <c>X-Forwarded-For</c> says. Default: none.
    /// </summary>
    public IList<string> Known { get; } = [];
}
