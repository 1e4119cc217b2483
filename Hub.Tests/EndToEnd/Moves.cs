using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>When clients are told to move to another node, and when they have, as their logs tell it.</summary>
internal sealed class Moves : ILoggerFactory, ILogger
{
    private const int ClientsPerMark = 4;

    private readonly ConcurrentQueue<TimeSpan> _told = new();
    private readonly ConcurrentQueue<TimeSpan> _moved = new();
    private long _begun;

    public int Count => _moved.Count;

    /// <summary>The longest time in which nobody was told, between the first who was and the last.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            TimeSpan[] told = [.. _told.Order()];
            return told.Zip(told.Skip(1), (earlier, later) => later - earlier).DefaultIfEmpty().Max();
        }
    }

    /// <summary>Forgets those that were, and counts the time from now.</summary>
    public void Begin()
    {
        _told.Clear();
        _moved.Clear();
        _begun = TimeProvider.System.GetTimestamp();
    }

    /// <summary>How many have moved in each half second.</summary>
    public string Histogram() => string.Join('\n', _moved
        .CountBy(moment => Math.Floor(moment.TotalSeconds * 2) / 2)
        .OrderBy(step => step.Key)
        .Select(step => string.Create(
            CultureInfo.InvariantCulture, $"{step.Key,5:0.0} s {new string('#', (step.Value / ClientsPerMark) + 1)} {step.Value}")));

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var moments = eventId.Name switch
        {
            "MoveAsked" => _told,
            "Moved" => _moved,
            _ => null,
        };
        moments?.Enqueue(TimeProvider.System.GetElapsedTime(_begun));
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
