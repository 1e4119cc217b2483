using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

/// <summary>A hub on Kestrel that lets in, refuses, answers and drops as the test says. Whoever it lets in is alice.</summary>
internal sealed class ScriptedHub : IAsyncLifetime
{
    public const string Alice = "user:alice";

    private readonly ConcurrentDictionary<string, HubConnectionContext> _connections = new();
    private WebApplication _host = null!;
    private int _opened;

    public Uri Url { get; private set; } = null!;

    public FakeLogs Logs { get; } = new() { Own = { Alice } };

    public FakeLog Log => Logs[Alice];

    /// <summary>
    /// Each request with which a client tries to get in, and its token: <c>websocket t1</c>, <c>negotiate t2</c>, <c>stream t2</c>.
    /// </summary>
    public Recording<string> Requests { get; } = new();

    /// <summary>The query of each of these requests.</summary>
    public Recording<string> Queries { get; } = new();

    /// <summary>Each call of <c>Resume</c>, as it came over the wire.</summary>
    public Recording<string> Calls { get; } = new();

    public int Connections => _connections.Count;

    /// <summary>
    /// Status and code with which a kind of request is refused; null lets it in. A status of 0 breaks the connection without an answer.
    /// </summary>
    public Func<string, (int Status, string Code)?> Refuses { get; set; } = _ => null;

    /// <summary>What a kind of request waits for before it is answered.</summary>
    public Func<string, Task> Delays { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is done before <c>Resume</c> is answered, with what it was asked.</summary>
    public Func<ResumeRequest, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>What each client is told with <c>Connected</c> when its connection has opened; null tells nothing.</summary>
    public Func<object?> Notices { get; set; } = () => null;

    /// <summary>Whether a credential is known. Where it is not, the hub answers as to a reconnect secret that was used before.</summary>
    public Func<string, bool> Knows { get; set; } = _ => true;

    /// <summary>The token of each call of <c>Renew</c>.</summary>
    public Recording<string> Renewals { get; } = new();

    /// <summary>Answers <c>Renew</c>, given its token.</summary>
    public Func<string, Task<object>> Renews { get; set; } = _ => Task.FromResult<object>(new { });

    /// <summary>Each call of <c>Join</c> and <c>Leave</c>, such as <c>Join room-7</c>.</summary>
    public Recording<string> GroupCalls { get; } = new();

    /// <summary>What is done before <c>Join</c> or <c>Leave</c> is answered, with such a text. What it throws is the answer.</summary>
    public Func<string, Task> BeforeGroup { get; set; } = _ => Task.CompletedTask;

    /// <summary>Changes the JSON of each message and each answer of <c>Resume</c> before it is sent.</summary>
    public Func<string, string> Garbles { get; set; } = json => json;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.MaxDepth = 1_000);
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton<HubLifetimeManager<AliceHub>, AliceConnections>();
        _host = builder.Build();
        _host.Use(AdmitAsync);
        _host.MapHub<AliceHub>("/hub");
        await _host.StartAsync();
        Url = new Uri($"{_host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()}/hub");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>A backend publishes, and whoever is connected is told.</summary>
    public Task PublishAsync(string type, string? payload = null) => PushAsync(Log.Publish(type, payload));

    public Task PushAsync(PushMessage message) => CallAsync("Receive", Garbled(JsonSerializer.Serialize(message, ClientJson.Default.PushMessage)));

    public Task TellHeadAsync() => CallAsync("Heads", new Dictionary<string, string> { [Alice] = Log.Head });

    /// <summary>Asks every client to close its connection.</summary>
    /// <param name="message">SignalR's close message, as JSON.</param>
    public Task CloseAsync(string message) => Task.WhenAll(_connections.Values.Select(connection => CloseAsync(connection, message)));

    /// <summary>The same of the connection that opened first.</summary>
    public Task CloseOldestAsync(string message) => CloseAsync(_connections.Values.MinBy(OpenedAt)!, message);

    /// <summary>Breaks the connection that opened last.</summary>
    public void DropNewest() => _connections.Values.MaxBy(OpenedAt)!.GetHttpContext()?.Abort();

    /// <summary>Breaks every connection as a tunnel would.</summary>
    public void Drop()
    {
        foreach (var id in _connections.Keys)
        {
            if (_connections.TryRemove(id, out var connection))
            {
                connection.GetHttpContext()?.Abort();
            }
        }
    }

    private static Task CloseAsync(HubConnectionContext connection, string message)
    {
        var close = new SerializedHubMessage([new SerializedMessage("json", Encoding.UTF8.GetBytes($"{message}\u001e"))]);
        return connection.WriteAsync(close).AsTask();
    }

    private static object? OpenedAt(HubConnectionContext connection) => connection.Items[nameof(OpenedAt)];

    private JsonElement Garbled(string json) => JsonDocument.Parse(Garbles(json), new JsonDocumentOptions { MaxDepth = 1_000 }).RootElement;

    /// <summary>Calls a method of every client.</summary>
    public Task CallAsync(string method, params object[] arguments) =>
        _host.Services.GetRequiredService<IHubContext<AliceHub>>().Clients.All.SendCoreAsync(method, arguments);

    private async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        if (KindOf(context.Request) is { } kind)
        {
            Queries.Add(context.Request.QueryString.ToString());
            var credential = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
            Requests.Add($"{kind} {credential}");
            await Delays(kind).WaitAsync(context.RequestAborted);
            if ((Knows(credential) ? Refuses(kind) : (401, "reconnect_unknown")) is { } refusal)
            {
                if (refusal.Status == 0)
                {
                    context.Abort();
                    return;
                }

                context.Response.StatusCode = refusal.Status;
                await context.Response.WriteAsJsonAsync(new { code = refusal.Code, detail = "As scripted." }, options: null, "application/problem+json");
                return;
            }
        }

        await next(context);
    }

    private static string? KindOf(HttpRequest request) =>
        request.Path.Value!.EndsWith("/negotiate", StringComparison.Ordinal) ? "negotiate"
        : request.Headers.Upgrade == "websocket" ? "websocket"
        : request.Headers.Accept == "text/event-stream" ? "stream"
        : null;

    private sealed class AliceHub(ScriptedHub script) : Hub
    {
        public Task<object> Renew(string token)
        {
            script.Renewals.Add(token);
            return script.Renews(token);
        }

        public async Task<object> Join(string group)
        {
            await NoteAsync($"Join {group}");
            script.Logs.Own.Add($"group:{group}");
            return new { head = script.Logs[$"group:{group}"].Head };
        }

        public async Task<object> Leave(string group)
        {
            await NoteAsync($"Leave {group}");
            script.Logs.Own.Remove($"group:{group}");
            return new { hasLeft = true };
        }

        private async Task NoteAsync(string call)
        {
            script.GroupCalls.Add(call);
            await script.BeforeGroup(call);
        }

        public async Task<JsonElement> Resume(JsonElement request)
        {
            script.Calls.Add(request.GetRawText());
            var asked = request.Deserialize(ClientJson.Default.ResumeRequest)!;
            await script.BeforeAnswer(asked);
            return script.Garbled(JsonSerializer.Serialize(script.Logs.Answer(asked), ClientJson.Default.ResumeAnswer));
        }
    }

    private sealed class AliceConnections(ScriptedHub script, ILogger<DefaultHubLifetimeManager<AliceHub>> logger)
        : DefaultHubLifetimeManager<AliceHub>(logger)
    {
        public override async Task OnConnectedAsync(HubConnectionContext connection)
        {
            connection.Items[nameof(OpenedAt)] = Interlocked.Increment(ref script._opened);
            script._connections[connection.ConnectionId] = connection;
            await base.OnConnectedAsync(connection);
            if (script.Notices() is { } notice)
            {
                await connection.WriteAsync(new InvocationMessage("Connected", [notice]));
            }
        }

        public override Task OnDisconnectedAsync(HubConnectionContext connection)
        {
            script._connections.TryRemove(connection.ConnectionId, out _);
            return base.OnDisconnectedAsync(connection);
        }
    }
}
