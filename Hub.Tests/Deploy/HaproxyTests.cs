using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

public sealed class HaproxyTests(TwoNodes nodes) : ProxyTests(nodes)
{
    private readonly TwoNodes _nodes = nodes;

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task It_compares_what_the_path_means_and_does_not_leave_that_to_the_hub(string target)
    {
        var marker = Guid.NewGuid().ToString("N");

        await RawHttp.GetAsync(Proxy.Address, $"{target}?marker={marker}");
        await RawHttp.GetAsync(Proxy.Address, $"/realtimehub.js?marker=seen-{marker}");

        var lines = _nodes.First.Log.Lines.Concat(_nodes.Second.Log.Lines).ToList();
        lines.Should().Contain(line => line.Contains($"seen-{marker}"), "the nodes log what comes to them");
        lines.Should().NotContain(line => line.Contains($"marker={marker}"));
    }

    private protected override async Task<Proxy> StartAsync(int first, int second) => await Haproxy.StartAsync(first, second);
}
