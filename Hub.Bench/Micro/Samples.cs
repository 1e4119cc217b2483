using System.Text.Json;
using RealtimeHub.Bench.Load;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.Bench.Micro;

/// <summary>Messages such as the workloads send.</summary>
internal static class Samples
{
    private static readonly JsonElement Payload =
        JsonSerializer.SerializeToElement(new { n = 7, text = new string('x', Requests.OrdinaryPadding) });

    public static Publication PublicationTo(Address address) => new(address, "bench", Payload);

    public static Envelope EnvelopeTo(Address address) =>
        MessageEncoder.Encode(CheckedPublication.Of(PublicationTo(address)), DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));
}
