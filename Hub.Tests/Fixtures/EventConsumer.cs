using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A backend that is told of events, by POST to one port. It can be away, and come back.</summary>
internal sealed class EventConsumer : IAsyncDisposable
{
    /// <summary>The key that it shares with the hub.</summary>
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly int _port = LoopbackPort.Next();
    private readonly ConcurrentQueue<JsonElement> _taken = new();
    private readonly ConcurrentQueue<IHeaderDictionary> _headers = new();
    private WebApplication? _running;

    /// <summary>What it answers; 204 if it says nothing else.</summary>
    public Func<JsonElement, int> Answer { get; set; } = _ => StatusCodes.Status204NoContent;

    /// <summary>What a node needs to send to it.</summary>
    public (string Key, string Value)[] Settings => [("Events:Url", $"http://127.0.0.1:{_port}/events?from=hub"), ("Events:Secret", Secret)];

    /// <summary>What it has taken, in the order in which it has come.</summary>
    public IReadOnlyList<JsonElement> Taken => [.. _taken];

    /// <summary>The headers of all that has come.</summary>
    public IReadOnlyList<IHeaderDictionary> Headers => [.. _headers];

    public static async Task<EventConsumer> StartAsync()
    {
        var consumer = new EventConsumer();
        await consumer.ComeAsync();
        return consumer;
    }

    public async Task ComeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _running = builder.Build();
        _running.Urls.Add($"http://127.0.0.1:{_port}");
        _running.MapPost("/events", TakeAsync);
        await _running.StartAsync();
    }

    public async Task GoAsync()
    {
        await _running!.DisposeAsync();
        _running = null;
    }

    /// <summary>Waits for so many events, and returns them.</summary>
    public async Task<IReadOnlyList<JsonElement>> TakenAsync(int count, TimeSpan? timeout = null)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_taken.Count >= count), timeout);
        return Taken;
    }

    /// <summary>Waits for so many events of a type, and returns them.</summary>
    public async Task<IReadOnlyList<JsonElement>> TakenAsync(string type, int count)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(OfType(type).Count() >= count));
        return [.. OfType(type)];
    }

    /// <summary>What the data of the events of a user has under a name, each event once, in order.</summary>
    public IReadOnlyList<string> Of(string user, string name) =>
    [
        .. Taken.Where(told => told.TryGetProperty("subject", out var subject) && subject.GetString() == user)
            .DistinctBy(told => told.GetProperty("id").GetString())
            .Select(told => told.GetProperty("data")).Where(data => data.TryGetProperty(name, out _))
            .Select(data => data.GetProperty(name).ToString()),
    ];

    public async ValueTask DisposeAsync() => await (_running?.DisposeAsync() ?? ValueTask.CompletedTask);

    private IEnumerable<JsonElement> OfType(string type) => Taken.Where(told => told.GetProperty("type").GetString() == type);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var told = await request.ReadFromJsonAsync<JsonElement>();
        _headers.Enqueue(new HeaderDictionary(request.Headers.ToDictionary()));
        var status = Answer(told);
        if (status < StatusCodes.Status300MultipleChoices)
        {
            _taken.Enqueue(told);
        }

        return Results.StatusCode(status);
    }
}
