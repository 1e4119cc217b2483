using Microsoft.Extensions.Logging;

namespace RealtimeHub.Client.Handling;

/// <summary>
/// Takes all errors that have no caller, such as the exceptions of handlers. They go to the handlers of errors, or to the log if there are
/// none.
/// </summary>
internal sealed partial class HandlerErrors(ILogger logger)
{
    private readonly HandlerList<Func<Exception, Task>> _handlers = new();

    public IDisposable Add(Func<Exception, Task> handler) => _handlers.Add(handler);

    /// <summary>Returns when all have been told. Never throws, so nobody need wait for it.</summary>
    public async Task ReportAsync(Exception error)
    {
        Func<Exception, Task>[] handlers = [.. _handlers.Current];
        if (handlers.Length == 0)
        {
            LogAs(error);
        }

        foreach (var handler in handlers)
        {
            await CallAsync(handler, error).ConfigureAwait(false);
        }
    }

    private async Task CallAsync(Func<Exception, Task> handler, Exception error)
    {
        try
        {
            await handler(error).ConfigureAwait(false);
        }
        catch (Exception another)
        {
            Log.HandlerFailed(logger, another);
        }
    }

    private void LogAs(Exception error)
    {
        switch (error)
        {
            case UnreadableException:
                Log.Unreadable(logger, error);
                break;
            case RenewalException or SignInRequiredException:
                Log.NotRenewed(logger, error.Message, error);
                break;
            case GroupException:
                Log.NotJoined(logger, error.Message, error);
                break;
            default:
                Log.HandlerFailed(logger, error);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A handler has failed. The messages go on.", EventName = "HandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, Exception error);

        [LoggerMessage(2, LogLevel.Error, "Something that cannot be read was skipped. The messages go on.", EventName = "Skipped")]
        public static partial void Unreadable(ILogger logger, Exception error);

        [LoggerMessage(4, LogLevel.Warning, "A group may not be joined again, and is wanted no more: {Reason}", EventName = "NotJoined")]
        public static partial void NotJoined(ILogger logger, string reason, Exception error);

        [LoggerMessage(3, LogLevel.Warning, "The connection cannot be renewed, and ends when its token expires: {Reason}", EventName = "NotRenewed")]
        public static partial void NotRenewed(ILogger logger, string reason, Exception error);
    }
}
