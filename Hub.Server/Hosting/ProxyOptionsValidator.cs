using System.Net;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Hosting;

internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (index, proxy) in options.Known.Index())
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
            {
                result.AddError($"Proxies:Known:{index} is '{proxy}', which is neither an IP address nor a network. Write 192.0.2.7, or 10.0.0.0/8.");
            }
        }

        return result.Build();
    }
}
