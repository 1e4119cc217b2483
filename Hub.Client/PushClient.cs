using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client;

/// <summary>
/// Receives what is pushed to one user, on one connection that it keeps open by itself. An attempt shows the secret
/// that the last connection has brought, or spends a fresh token where that is not good. Attempts go on until the client is stopped, the
/// user must sign in again, or the hub ends the connection and does not let the client come back.
/// </summary>
/// <remarks>
/// Every message is received at least once within retention and handled once, in the order of its address. Messages that are gone are
/// announced to <see cref="OnLost(Func{Loss, Task})"/> before later ones. Messages that the backend marked as transient come at most once.
/// There is no order between addresses. Handlers run one after the other: a slow one delays the messages after it, and nothing else. Add
/// them before the start. Each may be async, and what it throws goes to <see cref="OnError(Func{Exception, Task})"/>.
/// </remarks>
public sealed class PushClient : IAsyncDisposable
{
    private readonly HandlingQueue _queue;
    private readonly HandlerErrors _errors;
    private readonly StateFeed _states;
    private readonly MessagePump _pump;
    private readonly Lifetime _lifetime;
    private readonly Lazy<Task> _pumping;
    private readonly CancellationTokenSource _disposal = new();

    /// <exception cref="ArgumentException">An option breaks its rule.</exception>
    public PushClient(PushClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var logger = options.LoggerFactory.CreateLogger<PushClient>();
        _queue = new HandlingQueue(options.Cursors);
        _errors = new HandlerErrors(logger);
        _states = new StateFeed(_errors);
        var floors = new HandledFloors(options.TimeProvider);
        _pump = new MessagePump(_queue, floors, _errors, logger);
        _lifetime = new Lifetime(options, _queue, floors, _states, _errors, logger);
        _pumping = new Lazy<Task>(() => Task.Run(() => _pump.RunAsync(_disposal.Token)));
    }

    /// <summary>
    /// The client's current state. Handlers of <see cref="OnState(Func{StateChange, Task})"/> may be told of it a moment later.
    /// </summary>
    public PushState State => _states.State;

    /// <summary>
    /// By address, the id of the last message whose handlers have run, even if they threw: a snapshot. Pass it to the next client as
    /// <see cref="PushClientOptions.Cursors"/>, and that continues from here.
    /// </summary>
    public IReadOnlyDictionary<string, string> Cursors => _queue.Cursors;

    /// <summary>
    /// Calls <paramref name="handler"/> with every message of a type, or of all types if that is <c>*</c>, until the result is disposed. The
    /// handlers of a message are called one after the other: first those of its type, then those of all types, in the order in which they
    /// were added. Each is called when the task of the one before has ended.
    /// </summary>
    public IDisposable On(string type, Func<PushMessage, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(handler);
        return _pump.Add(type, handler);
    }

    /// <inheritdoc cref="On(string, Func{PushMessage, Task})"/>
    public IDisposable On(string type, Action<PushMessage> handler) => On(type, Async(handler));

    /// <summary>
    /// The same, with the payload read as a <typeparamref name="TPayload"/>. If it cannot be read, the message counts as handled, and the
    /// <see cref="System.Text.Json.JsonException"/> goes to <see cref="OnError(Func{Exception, Task})"/>.
    /// </summary>
    public IDisposable On<TPayload>(string type, JsonTypeInfo<TPayload> payload, Func<PushMessage<TPayload>, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(handler);
        return On(type, message => handler(message.As(payload)));
    }

    /// <inheritdoc cref="On{TPayload}(string, JsonTypeInfo{TPayload}, Func{PushMessage{TPayload}, Task})"/>
    public IDisposable On<TPayload>(string type, JsonTypeInfo<TPayload> payload, Action<PushMessage<TPayload>> handler) =>
        On(type, payload, Async(handler));

    /// <summary>
    /// Calls <paramref name="handler"/> with every change of the state, in order and one at a time, until the result is disposed. The client
    /// does not wait for the handler, so the handler may stop the client and wait for that.
    /// </summary>
    public IDisposable OnState(Func<StateChange, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _states.Add(handler);
    }

    /// <inheritdoc cref="OnState(Func{StateChange, Task})"/>
    public IDisposable OnState(Action<StateChange> handler) => OnState(Async(handler));

    /// <summary>
    /// Calls <paramref name="handler"/> when the hub has ended the connection and said why, until the result is disposed. The call comes just
    /// before that of <see cref="OnState(Func{StateChange, Task})"/> with the state that the end leads to, which has the same reason as an
    /// <see cref="EndedException"/>. Where the client may not come back, it is stopped.
    /// </summary>
    public IDisposable OnEnded(Func<ConnectionEnd, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _states.Add(handler);
    }

    /// <inheritdoc cref="OnEnded(Func{ConnectionEnd, Task})"/>
    public IDisposable OnEnded(Action<ConnectionEnd> handler) => OnEnded(Async(handler));

    /// <summary>
    /// Calls <paramref name="handler"/> when messages of an address are gone, until the result is disposed. The call comes in order with the
    /// messages: after those before the loss, and before those after it.
    /// </summary>
    public IDisposable OnLost(Func<Loss, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _pump.Add(handler);
    }

    /// <inheritdoc cref="OnLost(Func{Loss, Task})"/>
    public IDisposable OnLost(Action<Loss> handler) => OnLost(Async(handler));

    /// <summary>
    /// Calls <paramref name="handler"/> with the exceptions of the other handlers, thrown at once or by the task that they return; with an
    /// <see cref="UnreadableException"/> for what the client could not read; and with a <see cref="SignInRequiredException"/> or a
    /// <see cref="RenewalException"/> if the connection cannot be renewed without the user, which leaves it open until its token expires; and
    /// with a <see cref="GroupException"/> for a group that the hub does not let it join again.
    /// Without any handler of errors they are logged, and so is what handlers of errors throw themselves. The messages go on.
    /// </summary>
    public IDisposable OnError(Func<Exception, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _errors.Add(handler);
    }

    /// <inheritdoc cref="OnError(Func{Exception, Task})"/>
    public IDisposable OnError(Action<Exception> handler) => OnError(Async(handler));

    /// <summary>
    /// Returns when the hub has attached the connection and all missed messages are in the queue for the handlers, however many attempts
    /// that takes. What is published from then on arrives. Until the client is stopped, further calls return the same.
    /// </summary>
    /// <remarks>
    /// Missed messages are fetched page by page, each when at most 500 messages wait. So after a long absence this waits for handlers too.
    /// Do not wait for it in a handler of messages.
    /// </remarks>
    /// <param name="cancellationToken">Ends the start. If the client is not connected by then, it is stopped.</param>
    /// <exception cref="SignInRequiredException">The token source has thrown it.</exception>
    /// <exception cref="EndedException">The hub has ended the connection, and does not let the client come back.</exception>
    /// <exception cref="StoppedException">The client was stopped before.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled. Why the last attempt failed is the inner exception.
    /// </exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => StartAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>The same with a time limit: if the client is not connected when the time is up, it is stopped.</summary>
    /// <param name="timeout">How long the start may take, all attempts together.</param>
    /// <param name="cancellationToken">Ends the start sooner.</param>
    /// <exception cref="StartTimeoutException">The time is up. Why the last attempt failed is the inner exception.</exception>
    /// <inheritdoc cref="StartAsync(CancellationToken)" path="/exception"/>
    public Task StartAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        _ = _pumping.Value;

        // A caller that does not await the start learns of a failure from the state, so the exception counts as observed.
        return AnswerTimeout.Observed(_lifetime.StartAsync(timeout, cancellationToken));
    }

    /// <summary>
    /// Has the client be in a group, as far as its token allows (<c>mayJoin</c>), and returns when the hub has put it there: what is
    /// published to the group from then on arrives. The client stays in it until <see cref="LeaveAsync"/> or <see cref="StopAsync"/>: each
    /// new connection joins again, and misses nothing of it either. It begins at the end of the group's log, or, if there is a cursor for
    /// it, behind that.
    /// </summary>
    /// <remarks>
    /// It waits for a connection if there is none, also before the start, and tries again while the hub cannot do it. To join what is
    /// joined is no mistake. A handler of messages may wait for it.
    /// </remarks>
    /// <param name="group">The name of the group.</param>
    /// <param name="cancellationToken">Ends the waiting. If the client is not in the group by then, it has left it.</param>
    /// <exception cref="GroupException">
    /// The hub refuses it, or it was left before. If the hub refuses it when the client joins again later,
    /// <see cref="OnError(Func{Exception, Task})"/> tells.
    /// </exception>
    /// <exception cref="PushException">
    /// The client has stopped before: the exception of <see cref="OnState(Func{StateChange, Task})"/>, or <see cref="StoppedException"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task JoinAsync(string group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        return _lifetime.Groups.JoinAsync(group, cancellationToken);
    }

    /// <summary>
    /// Has the client be in a group no more, unless its token or the backend keeps it there, and returns when the hub has taken it out; at
    /// once if there is no connection. Of joining and leaving one group, the client does what was called last.
    /// </summary>
    /// <param name="group">The name of the group.</param>
    /// <param name="cancellationToken">Ends the waiting, not the leaving.</param>
    public Task LeaveAsync(string group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        return _lifetime.Groups.LeaveAsync(group, cancellationToken);
    }

    /// <summary>
    /// Closes the connection and makes no further attempt. From the moment of the call no more messages are handled. Returns when the
    /// handlers that run have ended, unless one of them is the caller. Messages that were received but not handled come again after the
    /// next start, except transient ones. The groups that it has joined are wanted no more.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting, not the stopping.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _lifetime.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_pump.IsCallerAHandler)
        {
            await _queue.IdleAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the client for good, as <see cref="StopAsync"/> does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposal.CancelAsync().ConfigureAwait(false);
        await StopAsync().ConfigureAwait(false);
    }

    private static Func<T, Task> Async<T>(Action<T> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return happened =>
        {
            handler(happened);
            return Task.CompletedTask;
        };
    }
}
