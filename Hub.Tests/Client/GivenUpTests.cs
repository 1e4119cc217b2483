using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>An attempt that fails leaves nothing behind, at whichever of its steps it fails.</summary>
public sealed class GivenUpTests : IAsyncLifetime
{
    private const int Attempts = 10;

    private readonly SilentHub _hub = new();
    private readonly CountedTime _time = new();
    private readonly HttpClient _http = new();
    private readonly Recording<StateChange> _states = new();
    private readonly ConcurrentQueue<string> _unobserved = new();

    /// <summary>Every step, silent and broken; ten attempts each.</summary>
    public static TheoryData<SilentAt, bool, string> Steps
    {
        get
        {
            var steps = new TheoryData<SilentAt, bool, string> { { SilentAt.Connect, false, "https" } };
            foreach (var step in Enum.GetValues<SilentAt>())
            {
                steps.Add(step, false, "http");
                steps.Add(step, true, "http");
            }

            return steps;
        }
    }

    public async Task InitializeAsync()
    {
        TaskScheduler.UnobservedTaskException += Note;
        await _hub.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _hub.DisposeAsync();
        TaskScheduler.UnobservedTaskException -= Note;
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task No_socket_no_timer_and_no_unobserved_exception_is_left(SilentAt step, bool breaks, string scheme)
    {
        (_hub.Step, _hub.Breaks) = (step, breaks);
        using var ended = new CancellationTokenSource();
        var passing = PassTimeAsync(ended.Token);
        await using var connection = ConnectionTo(new UriBuilder(_hub.Address) { Scheme = scheme, Path = "hub" }.Uri);

        _ = connection.StartAsync();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var failed = await _states.NextAsync(change => change.RetryIn is not null);
            failed.Error.Should().NotBeNull();
            await Eventually.HoldsAsync(() => Task.FromResult(_hub.OpenSockets <= Kept));
            _time.Advance(failed.RetryIn!.Value);
        }

        await connection.StopAsync();
        await ended.CancelAsync();
        await passing;
        await Eventually.HoldsAsync(() => Task.FromResult(_hub.OpenSockets <= Kept && _time.Timers == 0));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _unobserved.Should().BeEmpty();
    }

    /// <summary>
    /// The application's own HTTP client keeps the connection on which it asks for tokens, or was about to, to ask on it again.
    /// </summary>
    private int Kept => _hub.Step == SilentAt.Token ? 1 : 0;

    private PushClient ConnectionTo(Uri url)
    {
        var connection = new PushClient(new PushClientOptions
        {
            Url = url,
            Token = _hub.Step is SilentAt.Token
                ? TokenEndpoint.At(_http, new Uri(_hub.Address, "hub-token"))
                : _ => Task.FromResult<AccessToken>("t"),
            TimeProvider = _time,
            Random = () => 1,
            LoggerFactory = NullLoggerFactory.Instance,
        });
        connection.OnState(_states.Add);
        return connection;
    }

    /// <summary>Whenever the hub has fallen silent the time is up for which the client waits.</summary>
    private async Task PassTimeAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await ((Task)_hub.Ended.NextAsync(ended)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_hub.Breaks)
            {
                _time.Advance(TimeSpan.FromSeconds(15));
            }
        }
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs unobserved)
    {
        if ($"{unobserved.Exception}" is var told && told.Contains("RealtimeHub.Client", StringComparison.Ordinal))
        {
            _unobserved.Enqueue(told);
        }
    }
}
