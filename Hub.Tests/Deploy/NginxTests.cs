using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

public sealed class NginxTests(TwoNodes nodes) : ProxyTests(nodes)
{
    private protected override async Task<Proxy> StartAsync(int first, int second) => await Nginx.StartAsync(first, second);
}
