using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

public sealed class ConnectionRegistryTests
{
    private static readonly Address Alice = Address.User("alice");

    private readonly ClientConnection _first = new PipedConnection("first").Client;
    private readonly ClientConnection _second = new PipedConnection("second").Client;

    [Fact]
    public void Who_joins_is_found_at_the_address_whoever_leaves_and_gives_it_up_at_once()
    {
        var orders = Interleavings.Play(() =>
        {
            var registry = new ConnectionRegistry();
            var before = registry.Join(Alice, _first);
            return new Scene([Leave(), Join()], () =>
            {
                registry.TryFind(Alice, out var local).Should().BeTrue();
                local!.IsRetired.Should().BeFalse();
                local.Members.Should().Equal(_second);
            });

            IEnumerable<Func<bool>> Leave()
            {
                before.Remove(_first);
                yield return Interleavings.AtOnce;
                registry.Close(before);
            }

            IEnumerable<Func<bool>> Join()
            {
                // As Join does it, with a step between.
                var local = registry.Open(Alice);
                yield return Interleavings.AtOnce;
                if (!local.TryAdd(_second))
                {
                    registry.Join(Alice, _second);
                }
            }
        });

        orders.Should().Be(6);
    }

    [Fact]
    public void An_address_that_somebody_is_at_is_not_given_up()
    {
        var registry = new ConnectionRegistry();
        var local = registry.Join(Alice, _first);

        registry.Close(local);

        registry.Join(Alice, _second).Should().BeSameAs(local);
    }

    [Fact]
    public void Everyone_is_never_given_up()
    {
        var registry = new ConnectionRegistry();
        registry.Add(_first);
        registry.Remove(_first);

        registry.Close(registry.Everyone);

        registry.Add(_second);
        registry.Everyone.Members.Should().Equal(_second);
    }
}
