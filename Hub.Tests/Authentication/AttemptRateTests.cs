using System.Buffers.Binary;
using System.Net;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication.Limits;

namespace RealtimeHub.Tests.Authentication;

public sealed class AttemptRateTests
{
    [Theory]
    [InlineData("198.51.100.7", "198.51.100.7/32")]
    [InlineData("::ffff:198.51.100.7", "198.51.100.7/32")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("::ffff:127.0.0.1", null)]
    public void A_client_counts_by_its_IPv4_address_or_its_IPv6_network_and_this_machine_not_at_all(string address, string? counted) =>
        ClientNetwork.Of(IPAddress.Parse(address)).Should().Be(counted is null ? null : IPNetwork.Parse(counted));

    [Fact]
    public void Half_a_million_addresses_take_a_bounded_room()
    {
        using var rate = new AttemptRate(Options.Create(new LimitOptions { AttemptsPerMinute = 1_000_000, FailuresPerMinute = 1_000_000 }));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var number = 0; number < 500_000; number++)
        {
            rate.Take(Network(number)).Should().BeNull();
            rate.Fail(Network(number));
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(2 * AttemptRate.Counters * 1_024L);
    }

    private static IPNetwork Network(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new IPNetwork(new IPAddress(bytes), 32);
    }
}
