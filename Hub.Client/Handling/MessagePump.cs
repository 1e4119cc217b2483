using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Client.Handling;

/// <summary>
/// Takes entries from the queue and calls their handlers, one by one. A handler that throws stops neither the others nor the pump.
/// </summary>
internal sealed partial class MessagePump(HandlingQueue queue, HandledFloors floors, HandlerErrors errors, ILogger logger)
{
    private const string EveryType = "*";

    private readonly ConcurrentDictionary<string, HandlerList<Func<PushMessage, Task>>> _messages = new(StringComparer.Ordinal);
    private readonly HandlerList<Func<Loss, Task>> _losses = new();
    private readonly AsyncLocal<bool> _isHandling = new();

    /// <summary>Whether this runs inside a handler, which must not wait for handlers.</summary>
    public bool IsCallerAHandler => _isHandling.Value;

    public IDisposable Add(string type, Func<PushMessage, Task> handler) =>
        _messages.GetOrAdd(type, _ => new HandlerList<Func<PushMessage, Task>>()).Add(handler);

    public IDisposable Add(Func<Loss, Task> handler) => _losses.Add(handler);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await HandleAsync(await queue.TakeAsync(cancellationToken));
            queue.Done();
        }
    }

    private async Task HandleAsync(QueueEntry entry)
    {
        _isHandling.Value = true;
        switch (entry)
        {
            case QueueEntry.Message { Content: var message }:
                floors.Add(message, await CallAsync(HandlersOf(message.Type), message));
                break;
            case QueueEntry.Lost:
                Log.Lost(logger, entry.Address);
                await CallAsync(_losses.Current, new Loss(entry.Address));
                break;
            case QueueEntry.Unreadable { Id: var id }:
                Log.Unreadable(logger, id, entry.Address);
                await CallAsync(_losses.Current, new Loss(entry.Address));
                break;
        }
    }

    private IEnumerable<Func<PushMessage, Task>> HandlersOf(string type) =>
        type == EveryType ? Handlers(EveryType) : Handlers(type).Concat(Handlers(EveryType));

    private IEnumerable<Func<PushMessage, Task>> Handlers(string type) =>
        _messages.TryGetValue(type, out var handlers) ? handlers.Current : [];

    /// <returns>Whether none has failed.</returns>
    private async Task<bool> CallAsync<TEvent>(IEnumerable<Func<TEvent, Task>> handlers, TEvent happened)
    {
        var isHandled = true;
        foreach (var handler in handlers)
        {
            try
            {
                await handler(happened);
            }
            catch (Exception error)
            {
                isHandled = false;
                await errors.ReportAsync(error);
            }
        }

        return isHandled;
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning, "Messages of {Address} are lost: the hub retains them no longer.", EventName = "Lost")]
        public static partial void Lost(ILogger logger, string address);

        [LoggerMessage(21, LogLevel.Warning, "Message {Id} of {Address} cannot be read, and is skipped. Is the hub newer than the client?", EventName = "Unreadable")]
        public static partial void Unreadable(ILogger logger, string? id, string address);
    }
}
