using System.Collections.Concurrent;
using System.Text.Json;
using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Receipts;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>A client that handles messages on connections that come and go: what it has told of them.</summary>
internal sealed class TellingClient
{
    private readonly CountedTime _time = new();
    private readonly ConcurrentQueue<Dictionary<string, object>> _told = new();
    private readonly HandledFloors _floors;
    private readonly ReceiptSender _sender;
    private CancellationTokenSource _over = new();
    private Task _telling = Task.CompletedTask;

    private TellingClient()
    {
        _floors = new HandledFloors(_time);
        _sender = new ReceiptSender(_floors, "device", _time);
    }

    public static async Task<object?> RunAsync(JsonElement input)
    {
        var client = new TellingClient();
        foreach (var happening in input.EnumerateArray().SelectMany(entry => entry.EnumerateObject()))
        {
            await client.ObserveAsync(happening.Name, happening.Value);
        }

        await client.DropAsync();
        return client._told;
    }

    private Task ObserveAsync(string what, JsonElement value) => what switch
    {
        "opens" => OpenAsync(),
        "drops" => DropAsync(),
        "handled" => AddAsync(value, isHandled: true),
        "failed" => AddAsync(value, isHandled: false),
        "afterMs" => PassAsync(TimeSpan.FromMilliseconds(value.GetInt32())),
        "told" => SettleAsync(value.GetInt32()),
        _ => throw new ArgumentException($"No client knows what to do with '{what}'."),
    };

    private async Task OpenAsync()
    {
        await DropAsync();
        _over = new CancellationTokenSource();
        _telling = _sender.RunAsync(TellAsync, _over.Token);
    }

    private async Task DropAsync()
    {
        await _over.CancelAsync();
        await _telling;
    }

    private Task AddAsync(JsonElement message, bool isHandled)
    {
        var after = message.TryGetProperty("after", out var before) ? before.GetString() : null;
        var handled = new PushMessage(
            message.GetProperty("id").GetString()!, after, message.GetProperty("address").GetString()!, "t", JsonElement.Parse("1"),
            DateTimeOffset.UnixEpoch)
        {
            IsReceiptAwaited = message.TryGetProperty("receipt", out _),
        };
        _floors.Add(handled, isHandled);
        return Task.CompletedTask;
    }

    /// <summary>Returns when the client has noticed: it waits for a time to pass, for something to tell, or for a connection.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.HoldsAsync(IsWaitingAsync);
        _time.Advance(time);
    }

    private async Task SettleAsync(int calls)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_told.Count >= calls));
        await Eventually.HoldsAsync(IsWaitingAsync);
        _told.Should().HaveCount(calls);
    }

    private async Task<bool> IsWaitingAsync()
    {
        using var looking = new CancellationTokenSource();
        var news = _floors.NewsAsync(looking.Token);
        var hasNews = news.IsCompletedSuccessfully;
        await looking.CancelAsync();
        await news.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _telling.IsCompleted || _time.Timers > 0 || !hasNews;
    }

    private Task TellAsync(HandledRequest request, CancellationToken cancellationToken)
    {
        _told.Enqueue(request.Addresses.ToDictionary(of => of.Key, of => Shown(of.Value)));
        return Task.CompletedTask;
    }

    private static object Shown(HandledAddress told) => told.Failed is null
        ? new { told.After, told.UpTo }
        : new { told.After, told.UpTo, told.Failed };
}
