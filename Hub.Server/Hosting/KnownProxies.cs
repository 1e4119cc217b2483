using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace RealtimeHub.Hosting;

/// <summary>Believes known proxies, and nobody else, about the IP addresses of those for whom they ask.</summary>
internal static class KnownProxies
{
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        var known = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Known;
        if (known.Count > 0)
        {
            app.UseForwardedHeaders(Believing(known));
        }

        return app;
    }

    /// <remarks>
    /// Of several proxies in a row each names the one before. The first from the right that is no known proxy is the client.
    /// </remarks>
    private static ForwardedHeadersOptions Believing(IEnumerable<string> known)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in known)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
            }
        }

        return options;
    }
}
