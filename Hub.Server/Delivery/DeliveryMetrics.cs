using System.Diagnostics.Metrics;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Who is connected to this node, what is delivered to them, and what waits for them.</summary>
/// <remarks>What can be read is read when somebody asks, so that connecting and delivering do not pay for it.</remarks>
internal sealed class DeliveryMetrics
{
    private readonly ConnectionRegistry _registry;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _bytes;
    private readonly KindCounter _behind;
    private readonly KindCounter _gaps;

    public DeliveryMetrics(ConnectionRegistry registry, IMeterFactory meters)
    {
        _registry = registry;
        var meter = meters.CreateHubMeter();
        _deliveries = meter.CreateCounter<long>(
            "realtimehub.deliveries", "{delivery}", "Messages handed to connections of this node, counted once for each connection.");
        _bytes = meter.CreateCounter<long>("realtimehub.delivery.io", "By", "Bytes of the messages handed to connections of this node.");
        _behind = new KindCounter(
            meter, "realtimehub.addresses.behind", "{address}",
            "Times that messages to an address had passed this node by, or were gone, so that its clients were asked to resume.");
        _gaps = new KindCounter(
            meter, "realtimehub.log.gaps", "{gap}",
            "Gaps in logs of addresses that have connections here: messages that Redis had, and has lost. Each such node counts them.");
        meter.CreateObservableUpDownCounter(
            "realtimehub.connections.active", () => registry.Count, "{connection}", "Connections that are open at this node.");
        meter.CreateObservableUpDownCounter(
            "realtimehub.addresses.active", CountAddresses, "{address}", "Users and groups that have connections at this node.");
        meter.CreateObservableUpDownCounter(
            "realtimehub.outbox.waiting", () => registry.Connections.Sum(connection => (long)connection.Outbox.Waiting), "By",
            "Bytes that wait at this node because clients have not taken what came before.");
    }

    /// <param name="address">Where messages go that are delivered together.</param>
    /// <param name="messages">How many they are.</param>
    /// <param name="connections">How many connections they are handed to.</param>
    /// <param name="size">How many bytes each connection is handed.</param>
    public void Delivered(Address address, int messages, int connections, int size)
    {
        var kind = KindTag.Of(address);
        _deliveries.Add((long)messages * connections, kind);
        _bytes.Add((long)size * connections, kind);
    }

    /// <summary>An address has been found behind its log.</summary>
    public void Behind(Address address) => _behind.Add(address);

    /// <summary>A gap has come that was written into the log of an address.</summary>
    public void GapObserved(Address address) => _gaps.Add(address);

    private IEnumerable<Measurement<long>> CountAddresses()
    {
        var (users, groups) = (0L, 0L);
        foreach (var local in _registry.Addresses)
        {
            users += local.Address.IsUser && !local.IsCanary ? 1 : 0;
            groups += local.Address.IsGroup ? 1 : 0;
        }

        return [new(users, KindTag.User), new(groups, KindTag.Group)];
    }
}
