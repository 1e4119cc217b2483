using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>
/// Options for connections to a <see cref="ScriptedHub"/>: tokens t1, t2 and so on, time that stands still, waits that are as long as they
/// may be.
/// </summary>
internal sealed class ScriptedClient(ScriptedHub hub)
{
    private int _tokens;

    public FakeTimeProvider Time { get; } = new();

    public Log Log { get; } = new();

    public PushClientOptions Options => new()
    {
        Url = hub.Url,
        Token = NextTokenAsync,
        TimeProvider = Time,
        Random = () => 1,
        LoggerFactory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)),
    };

    public Task<AccessToken> NextTokenAsync(CancellationToken cancellationToken) => Task.FromResult<AccessToken>($"t{++_tokens}");
}
