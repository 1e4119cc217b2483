using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Operations;

/// <summary>What an application exports that traces and measures everything, and has told its instrumentation to hide nothing.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task No_activity_span_or_measurement_carries_a_credential()
    {
        var (spans, measured) = (new List<Activity>(), new ConcurrentQueue<string>());
        using var listener = ListenerTo(measured);
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", (string?)"true"),
        ]);
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddPushHub();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource("*").AddAspNetCoreInstrumentation(options => options.RecordException = true).AddHttpClientInstrumentation()
                .AddInMemoryExporter(spans));
        var app = builder.Build();
        app.MapPushHub();
        await app.StartAsync();
        var address =
            new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        var secrets = new List<string>();

        HttpTransportType[] transports = [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];
        foreach (var transport in transports)
        {
            await using var client = new HubConnectionBuilder().WithUrl(
                new Uri(address, "hub"), transport, options => options.AccessTokenProvider = MintAsync).Build();
            await client.StartAsync();
            await client.StopAsync();
        }

        using var http = new HttpClient { BaseAddress = address };
        foreach (var path in (string[])["hub?access_token=", "hub?%61ccess_token=", "hub/negotiate?negotiateVersion=1&access_token=", "hub?id=sj7Ejs28rleNXwzAH3fUWA&access_token=", "nowhere?ws_token="])
        {
            await http.PostAsync(path + await MintAsync(), null);
        }

        await app.DisposeAsync();

        secrets.Add("sj7Ejs28rleNXwzAH3fUWA");
        var ofTheServer = spans.Where(span => span.Kind == ActivityKind.Server).Select(Text).ToList();
        ofTheServer.Should().HaveCountGreaterThan(9).And.Contain(span => span.Contains("access_token=[redacted]"), "the instrumentation was told to hide nothing");
        spans.Select(Text).Concat(measured).Where(text => secrets.Any(text.Contains)).Should().BeEmpty();
        measured.Should().Contain(measurement => measurement.StartsWith("http.server.request.duration"));

        async Task<string?> MintAsync()
        {
            var token = (await app.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = "alice" })).Reveal();
            secrets.Add(token["wstoken".Length..]);
            return token;
        }
    }

    private static MeterListener ListenerTo(ConcurrentQueue<string> measured)
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.Start();
        return listener;
    }

    private static string Text(Activity span) => string.Join(' ',
    [
        span.DisplayName, span.StatusDescription, .. span.TagObjects.Select(tag => $"{tag}"), .. span.Baggage.Select(item => $"{item}"),
        .. span.Events.SelectMany(happened => happened.Tags.Select(tag => $"{happened.Name} {tag}")),
    ]);
}
