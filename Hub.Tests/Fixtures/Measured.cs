using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>What the hub's instruments of a node measure, from now on. Each series is written <c>name{tag=value,…}</c>.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public Measured(Node node)
    {
        var meters = node.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "RealtimeHub" && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every series that was measured until now.</summary>
    public ICollection<string> Series
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _sums.Keys;
        }
    }

    /// <summary>What a counter has counted, or what is read of an observable one; 0 if it has measured nothing.</summary>
    public double this[string series]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _sums.GetValueOrDefault(series);
        }
    }

    /// <summary>How often something was measured, which is how many there are in a histogram.</summary>
    public long CountOf(string series) => _counts.GetValueOrDefault(series);

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
        var series = all.Length > 0 ? $"{instrument.Name}{{{all}}}" : instrument.Name;
        _counts.AddOrUpdate(series, 1, (_, count) => count + 1);
        _sums.AddOrUpdate(series, value, (_, sum) => instrument.IsObservable ? value : sum + value);
    }
}
