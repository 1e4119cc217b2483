using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Tests.Client;

/// <summary>
/// A hub that lets a client come up to one step and then falls silent, or breaks off, and counts who is still connected to it.
/// </summary>
internal sealed class SilentHub : IAsyncLifetime
{
    private WebApplication _host = null!;
    private int _open;

    /// <summary>Where it ends.</summary>
    public SilentAt Step { get; set; }

    /// <summary>The step is answered with an error instead of silence.</summary>
    public bool Breaks { get; set; }

    /// <summary>Each time that it has ended there.</summary>
    public Recording<SilentAt> Ended { get; } = new();

    public int OpenSockets => Volatile.Read(ref _open);

    public Uri Address =>
        new(_host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(Count));
        builder.Services.AddSignalR();
        builder.Services.AddSingleton(this);
        _host = builder.Build();
        _host.UseWebSockets();
        _host.Use(LetInAsync);
        _host.MapPost("/hub-token", () => Results.Json(new { token = "t" }));
        _host.MapHub<NeverAnsweringHub>("/hub");
        await _host.StartAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private void Count(ListenOptions listening) => listening.Use(next => async connection =>
    {
        Interlocked.Increment(ref _open);
        try
        {
            if (Step == SilentAt.Connect)
            {
                await EndAsync(connection.ConnectionClosed);
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    });

    private async Task LetInAsync(HttpContext context, RequestDelegate next)
    {
        var step = StepOf(context.Request);
        if (step == Step)
        {
            await EndAsync(context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        else if (step == SilentAt.WebSocket && Step == SilentAt.WebSocketHandshake)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await EndAsync(context.RequestAborted);
        }
        else if (step == SilentAt.Stream && Step == SilentAt.StreamHandshake)
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await EndAsync(context.RequestAborted);
        }
        else if (IsBlocked(step))
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
        else
        {
            await next(context);
        }
    }

    private async Task EndAsync(CancellationToken gone)
    {
        Ended.Add(Step);
        if (!Breaks)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>No other transport gets through, or the client would stay with that one.</summary>
    private bool IsBlocked(SilentAt? step) => step switch
    {
        SilentAt.WebSocket => Step is SilentAt.Negotiate or SilentAt.Stream or SilentAt.StreamHandshake or SilentAt.Send or SilentAt.Poll,
        SilentAt.Negotiate => Step is SilentAt.WebSocket or SilentAt.WebSocketHandshake,
        SilentAt.Stream => Step is SilentAt.Poll,
        SilentAt.Poll => Step is SilentAt.Stream or SilentAt.StreamHandshake,
        _ => false,
    };

    private static SilentAt? StepOf(HttpRequest request) =>
        request.Path == "/hub-token" ? SilentAt.Token
        : request.Path == "/hub/negotiate" ? SilentAt.Negotiate
        : request.Headers.Upgrade == "websocket" ? SilentAt.WebSocket
        : request.Method == HttpMethods.Post ? SilentAt.Send
        : request.Headers.Accept == "text/event-stream" ? SilentAt.Stream
        : request.Method == HttpMethods.Get ? SilentAt.Poll
        : null;

    private sealed class NeverAnsweringHub(SilentHub hub) : Hub
    {
        public async Task<object> Resume(object _)
        {
            await hub.EndAsync(Context.ConnectionAborted);
            throw new HubException("As scripted.");
        }
    }
}
