namespace RealtimeHub.Operations;

/// <summary>One event of <see cref="LogSummary"/>, and how often it has happened since its last line.</summary>
internal sealed class SummarizedEvent : IDisposable
{
    private const int MostNamed = 10;
    private const int LongestName = 300;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _subjects = new(StringComparer.Ordinal);
    private readonly ITimer _timer;
    private bool _isQuiet = true;
    private bool _hasUnnamed;
    private long _count;
    private Action<long, string> _write = (_, _) => { };

    public SummarizedEvent(TimeProvider time)
    {
        // A line about many requests must not carry the scopes and the activity of one of them.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(_ => Tell(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Add(string subject, Action<long, string> write)
    {
        lock (_lock)
        {
            if (!_isQuiet)
            {
                Keep(subject, write);
                return;
            }

            _isQuiet = false;
            _timer.Change(BetweenLines, Timeout.InfiniteTimeSpan);
        }

        write(1, Shorten(subject));
    }

    public void Dispose()
    {
        Tell();
        _timer.Dispose();
    }

    private void Keep(string subject, Action<long, string> write)
    {
        _count++;
        _write = write;
        var name = Shorten(subject);
        if (_subjects.Count < MostNamed)
        {
            _subjects.Add(name);
        }
        else
        {
            _hasUnnamed |= !_subjects.Contains(name);
        }
    }

    private void Tell()
    {
        var (count, subjects, write) = Take();
        if (count > 0)
        {
            write(count, subjects);
        }
    }

    private (long Count, string Subjects, Action<long, string> Write) Take()
    {
        lock (_lock)
        {
            var taken = (_count, string.Join(", ", _subjects) + (_hasUnnamed ? " and others" : ""), _write);
            _isQuiet = _count == 0;
            if (!_isQuiet)
            {
                _timer.Change(BetweenLines, Timeout.InfiniteTimeSpan);
            }

            (_count, _hasUnnamed) = (0, false);
            _subjects.Clear();
            return taken;
        }
    }

    private static string Shorten(string subject) => subject.Length > LongestName ? $"{subject[..LongestName]}…" : subject;
}
