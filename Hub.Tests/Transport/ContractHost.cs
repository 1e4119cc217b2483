using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Transport;

/// <summary>A host with a hub of its own behind the token, and nothing else of ours, on one transport or the other.</summary>
internal sealed class ContractHost : IAsyncDisposable
{
    /// <summary>How many bytes a message may have.</summary>
    public const int LargestMessage = 4_096;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly WebApplication _host;

    private ContractHost(bool isOwn, TimeSpan handshakeTimeout, LogLevel logs)
    {
        var builder = WebApplication.CreateSlimBuilder(
            ["--urls", "http://127.0.0.1:0", "--Transport:Enabled", $"{isOwn}", "--Tokens:Lifetime", "00:05:00", "--Logging:LogLevel:Default", $"{logs}",
            "--Logging:LogLevel:Microsoft.AspNetCore", $"{logs}"]);
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.AddSingleton(Ends);
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddSignalR(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(1);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(3);
            options.HandshakeTimeout = handshakeTimeout;
            options.MaximumReceiveMessageSize = LargestMessage;
        });
        _host = builder.Build();
        _host.MapHub<ContractHub>("/chat", options =>
        {
            options.CloseOnAuthenticationExpiration = true;
            options.WebSockets.SubProtocolSelector = offered => offered.Contains("chosen") ? "chosen" : null!;
        }).RequireSingleUseToken();
        _host.MapHub<ContractHub>("/lasting").RequireSingleUseToken();
        _host.MapHub<ContractHub>("/polled", options => options.Transports = HttpTransportType.LongPolling).RequireSingleUseToken();
    }

    public Log Log { get; } = new();

    public ContractHub.Ends Ends { get; } = new();

    public IServiceProvider Services => _host.Services;

    /// <param name="isOwn">Whether its WebSockets go over our own transport, or over SignalR's.</param>
    /// <param name="handshakeTimeout">Fifteen seconds, if nothing else is said.</param>
    /// <param name="logs">What it logs and who looks for secrets reads.</param>
    public static async Task<ContractHost> StartAsync(bool isOwn, TimeSpan? handshakeTimeout = null, LogLevel logs = LogLevel.Trace)
    {
        var host = new ContractHost(isOwn, handshakeTimeout ?? TimeSpan.FromSeconds(15), logs);
        await host._host.StartAsync();
        return host;
    }

    /// <summary>The address of a hub: <c>chat</c>, <c>lasting</c> (beyond its token's time), <c>polled</c> (no WebSockets).</summary>
    public Uri Hub(string path) => new(
        new Uri(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()), path);

    public async Task<string> MintAsync(string user = "alice", TimeSpan? expires = null)
    {
        var tokens = Services.GetRequiredService<ISpendingTokenStore>();
        var record = new TokenRecord { Subject = user, ExpiresAt = TimeProvider.System.GetUtcNow() + expires };
        return (await tokens.MintAsync(record)).Reveal();
    }

    public Task StopAsync() => _host.StopAsync().WaitAsync(Deadline);

    /// <summary>How the next connection has ended.</summary>
    public Task<string> EndedAsync() => Ends.Ended.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

    /// <summary>Counts connections as an operator does, by the instrument of SignalR.</summary>
    public MeterListener Listening(out Func<long> open)
    {
        long count = 0;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "signalr.server.active_connections"
                    && instrument.Meter.Scope == Services.GetRequiredService<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => tag is { Key: "signalr.transport", Value: "web_sockets" }))
            {
                Interlocked.Add(ref count, value);
            }
        });
        listener.Start();
        open = () => Interlocked.Read(ref count);
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Log.Leaks.Should().BeEmpty();
    }
}
