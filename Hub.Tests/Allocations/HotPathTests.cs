using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Bench.Micro;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Allocations;

/// <summary>
/// What a message costs the garbage collector on its way, which no other load of the machine changes. The messages are those of the bench,
/// of some 300 bytes. A budget is what was measured and a tenth: whoever exceeds it for a good reason raises it, and says why.
/// </summary>
public sealed class HotPathTests
{
    private const int Times = 2_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
    private static readonly RoutedMessage Message = new(Address.User("alice"), new Cursor(8, 1), After: new Cursor(7, 1), "{}"u8.ToArray());

    private readonly EnvelopeBenchmarks _envelope = new();

    [Fact]
    public void To_encode_a_publication_takes_one_buffer_and_what_writes_it() =>
        BytesOf(() => _envelope.Encode()).Should().BeLessThanOrEqualTo(Measured(664));

    [Fact]
    public void To_read_a_frame_takes_its_address_and_its_ids_and_copies_no_body() =>
        BytesOf(() => _envelope.Read()).Should().BeLessThanOrEqualTo(Measured(48));

    [Fact]
    public void To_make_a_call_takes_its_bytes_once_for_however_many_connections() =>
        BytesOf(() => _envelope.Call()).Should().BeLessThanOrEqualTo(Measured(1_992));

    [Fact]
    public void To_observe_the_next_message_takes_nothing()
    {
        var (local, offset) = (new LocalAddress(Message.Address, new CheckQueue()), 7UL);

        BytesOf(() =>
        {
            local.Observe(Message with { Id = new Cursor(offset + 1, 1), After = new Cursor(offset, 1) }, Now);
            local.Next();
            offset++;
        }).Should().Be(0);
    }

    [Fact]
    public void To_observe_a_message_again_takes_nothing()
    {
        var local = new LocalAddress(Message.Address, new CheckQueue());

        BytesOf(() => local.Observe(Message, Now)).Should().Be(0);
    }

    [Fact]
    public void To_write_to_a_client_that_keeps_up_takes_nothing()
    {
        var outbox = new Outbox(ConnectionThatKeepsUp(), onTooSlow: () => { });
        outbox.Open();
        var call = Outgoing.Receive([Message]);

        BytesOf(() => outbox.Write(call)).Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void To_measure_a_publish_a_delivery_and_a_script_takes_nothing_whether_somebody_listens_or_not(bool isListening)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (isListening && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        var measurements = 0;
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measurements++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measurements++);
        listener.Start();
        var (published, scripts) = (new PublishMetrics(meters, TimeProvider.System), new ScriptMetrics(meters, TimeProvider.System));
        var (delivered, envelope) = (new DeliveryMetrics(new ConnectionRegistry(), meters), new Envelope(Message.Address, Message.Body));

        BytesOf(() =>
        {
            published.Published(envelope, published.Begin());
            delivered.Delivered(Message.Address, messages: 1, connections: 2, size: 300);
            scripts.End("publish", scripts.Begin(), isAnswered: true);
        }).Should().Be(0);

        measurements.Should().Be(isListening ? 2 * Times * 4 : 0);
    }

    private static long Measured(long bytes) => bytes + (bytes / 10);

    /// <summary>Per time, on this thread. What the runtime does once, it has done before.</summary>
    private static long BytesOf(Action act)
    {
        Repeat(act);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(act);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }

    private static void Repeat(Action act)
    {
        for (var time = 0; time < Times; time++)
        {
            act();
        }
    }

    private static HubConnectionContext ConnectionThatKeepsUp()
    {
        var transport =
            new DefaultConnectionContext { Transport = new Pipes(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null)) };
        return new HubConnectionContext(
            transport, new HubConnectionContextOptions(), NullLoggerFactory.Instance)
        { Protocol = new JsonHubProtocol() };
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
