using Microsoft.Extensions.Logging;

namespace RealtimeHub.Client.Handling;

/// <summary>Where the exceptions of handlers go: to those who asked for them, and to the log where nobody did.</summary>
internal sealed partial class HandlerErrors(ILogger logger)
{
    private readonly HandlerList<Action<Exception>> _handlers = new();

    public IDisposable Add(Action<Exception> handler) => _handlers.Add(handler);

    public void Report(Exception error)
    {
        Action<Exception>[] handlers = [.. _handlers.Current];
        if (handlers.Length == 0)
        {
            Log.HandlerFailed(logger, error);
        }

        foreach (var handler in handlers)
        {
            Call(handler, error);
        }
    }

    private void Call(Action<Exception> handler, Exception error)
    {
        try
        {
            handler(error);
        }
        catch (Exception another)
        {
            Log.HandlerFailed(logger, another);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A handler has failed. The messages go on.", EventName = "HandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, Exception error);
    }
}
