using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Resuming;

/// <summary>Calls <c>Resume</c>: one call at a time, each when the handlers have room for its answer.</summary>
internal sealed partial class Resumer(Mailbox mailbox, HandlingQueue queue, AnswerTimeout timeout, ILogger logger)
{
    /// <summary>One call: the hub's answer to a request.</summary>
    public delegate Task<ResumeAnswer> Call(ResumeRequest request, CancellationToken cancellationToken);

    /// <summary>Returns when the heads that have come as a connection opened have been taken in.</summary>
    public Task HeadsAsync(CancellationToken cancellationToken) => mailbox.HeadsAsync(cancellationToken);

    /// <summary>
    /// Returns when nothing of what was missed before a new connection is missing. If heads came as it opened, the hub is asked only where
    /// the client stands elsewhere.
    /// </summary>
    /// <exception cref="PushException">A call has failed, or was not answered in time.</exception>
    public async Task BeginAsync(Call call, CancellationToken cancellationToken)
    {
        await mailbox.HeadsAsync(cancellationToken);
        if (mailbox.AnyIsBehind)
        {
            await ResumeAsync(call, cancellationToken);
        }
    }

    /// <summary>Returns when nothing is missing, as in groups that the connection has joined.</summary>
    /// <exception cref="PushException">A call has failed, or was not answered in time.</exception>
    public async Task CatchUpAsync(Call call, CancellationToken cancellationToken)
    {
        while (mailbox.AnyIsBehind)
        {
            await ResumeAsync(call, cancellationToken);
        }
    }

    /// <summary>Resumes addresses that fall behind, until a call fails or <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task KeepUpAsync(Call call, CancellationToken cancellationToken)
    {
        while (true)
        {
            await mailbox.BehindAsync(cancellationToken);
            await ResumeAsync(call, cancellationToken);
        }
    }

    private async Task ResumeAsync(Call call, CancellationToken cancellationToken)
    {
        do
        {
            await RoomAsync(cancellationToken);
        }
        while (!mailbox.Take(await AskAsync(call, cancellationToken)));
    }

    private Task RoomAsync(CancellationToken cancellationToken)
    {
        if (!queue.HasRoom)
        {
            Log.HandlersAreSlow(logger, HandlingQueue.Capacity);
        }

        return queue.RoomAsync(cancellationToken);
    }

    private async Task<ResumeAnswer> AskAsync(Call call, CancellationToken cancellationToken)
    {
        var request = mailbox.BeginCall();
        Log.Resuming(logger, request.Cursors.Count);
        return await timeout.WaitAsync(token => call(request, token), "The hub", AnswerTimeout.Default, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Debug, "Resuming from {Cursors} cursors.", EventName = "Resuming")]
        public static partial void Resuming(ILogger logger, int cursors);

        [LoggerMessage(31, LogLevel.Warning, "{Waiting} messages wait for handlers; others stay with the hub meanwhile.", EventName = "HandlersAreSlow")]
        public static partial void HandlersAreSlow(ILogger logger, int waiting);
    }
}
