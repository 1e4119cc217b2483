using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

public sealed class HaproxyTests(TwoNodes nodes) : ProxyTests(nodes)
{
    private protected override async Task<Proxy> StartAsync(int first, int second) => await Haproxy.StartAsync(first, second);
}
