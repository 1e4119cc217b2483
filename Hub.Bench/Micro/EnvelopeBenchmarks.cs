using System.Text;
using BenchmarkDotNet.Attributes;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.Bench.Micro;

/// <summary>
/// The encoding of a message on its way: once as it is published, and once on each node that it comes to, however many connections it
/// has there.
/// </summary>
[MemoryDiagnoser]
public class EnvelopeBenchmarks
{
    private static readonly Address To = Address.User("user7");
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
    private static readonly CheckedPublication Publication = CheckedPublication.Of(Samples.PublicationTo(To));
    private static readonly RoutedMessage Routed = new(To, new Cursor(8, 1), After: new Cursor(7, 1), Samples.EnvelopeTo(To).Body);
    private static readonly byte[] Framed =
        [.. Encoding.UTF8.GetBytes($"{new FrameWriter(NodeId.Create()).Opening(Samples.EnvelopeTo(To))}id {Routed.Id}\nafter {Routed.After}\n\n"), .. Routed.Body.Span];

    /// <summary>As the publisher does.</summary>
    [Benchmark]
    public object Encode() => MessageEncoder.Encode(Publication, Time);

    /// <summary>As a node does with what comes through its channel.</summary>
    [Benchmark]
    public ulong? Read() => VersionedRecord.TryRead(Framed, out var frame) ? Frame.ReadMessage(frame)?.Id.Offset : null;

    /// <summary>What goes to the sockets.</summary>
    [Benchmark]
    public object Call() => Outgoing.Receive([Routed]);
}
