using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client;

/// <summary>
/// Receives what is pushed to one user, on one connection that it keeps up by itself: every attempt spends a fresh token, and attempts go
/// on until it is stopped or the user must sign in again.
/// </summary>
/// <remarks>
/// Every message is received at least once within retention and handled once, in the order of its address. What is gone is announced
/// to <see cref="OnLost(Func{Loss, Task})"/> first. Messages that the backend marked as transient come at most once. There is no order
/// between addresses. Handlers run one after the other: a slow one delays the messages after it, and nothing else. Add them before the
/// start. Any of them may be async, and what it throws goes to <see cref="OnError(Func{Exception, Task})"/>.
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
        _pump = new MessagePump(_queue, _errors, logger);
        _lifetime = new Lifetime(options, _queue, _states, _errors, logger);
        _pumping = new Lazy<Task>(() => Task.Run(() => _pump.RunAsync(_disposal.Token)));
    }

    /// <summary>
    /// Where the client is in its life. A handler of <see cref="OnState(Func{StateChange, Task})"/> may be told of it a moment later.
    /// </summary>
    public PushState State => _states.State;

    /// <summary>
    /// The id of the last message that was handled, by address: a snapshot. Its handlers have run, even if they threw. Given to the next
    /// client, as <see cref="PushClientOptions.Cursors"/>, it has that one go on from here.
    /// </summary>
    public IReadOnlyDictionary<string, string> Cursors => _queue.Cursors;

    /// <summary>
    /// Calls <paramref name="handler"/> with every message of a type, or of all types if that is <c>*</c>, until what this returns is
    /// disposed of. The handlers of a message are called one after the other: those of its type, then those of all types, each in the
    /// order of their adding, and each when the task of the one before has ended.
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
    /// The same, with the payload read as a <typeparamref name="TPayload"/>. One that cannot be read counts as handled, and its
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
    /// Calls <paramref name="handler"/> with every step between the states, in their order and one at a time, until what this returns is
    /// disposed of. The client does not wait for it, so it may stop the client and wait for that.
    /// </summary>
    public IDisposable OnState(Func<StateChange, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _states.Add(handler);
    }

    /// <inheritdoc cref="OnState(Func{StateChange, Task})"/>
    public IDisposable OnState(Action<StateChange> handler) => OnState(Async(handler));

    /// <summary>
    /// Calls <paramref name="handler"/> when messages of an address are gone, in order with the messages: after those from before the loss
    /// and before those after it. Until what this returns is disposed of.
    /// </summary>
    public IDisposable OnLost(Func<Loss, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _pump.Add(handler);
    }

    /// <inheritdoc cref="OnLost(Func{Loss, Task})"/>
    public IDisposable OnLost(Action<Loss> handler) => OnLost(Async(handler));

    /// <summary>
    /// Calls <paramref name="handler"/> with what the other handlers throw, at once or in the task that they return, and with an
    /// <see cref="UnreadableException"/> for what the hub sent in vain. Without any handler that is logged as an error, and so is what
    /// handlers of errors throw themselves. The messages go on.
    /// </summary>
    public IDisposable OnError(Func<Exception, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _errors.Add(handler);
    }

    /// <inheritdoc cref="OnError(Func{Exception, Task})"/>
    public IDisposable OnError(Action<Exception> handler) => OnError(Async(handler));

    /// <summary>
    /// Returns when the hub has attached the connection and all that was missing waits for the handlers, however many attempts that takes:
    /// what is published from now on arrives. Until the client is stopped, further calls return the same.
    /// </summary>
    /// <remarks>
    /// What was missing is fetched a page at a time, each when no more than 500 messages wait, so a long absence has it wait for
    /// handlers as well. Do not wait for it in a handler of messages.
    /// </remarks>
    /// <param name="cancellationToken">Ends the start: a client that is not connected is stopped.</param>
    /// <exception cref="SignInRequiredException">The token source has thrown it.</exception>
    /// <exception cref="StoppedException">The client was stopped before.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled. Why the last attempt failed is the inner exception.
    /// </exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => StartAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>The same, with an end: a client that is not connected when the time is up is stopped.</summary>
    /// <param name="timeout">How long the start may take, all attempts together.</param>
    /// <param name="cancellationToken">Ends the start sooner.</param>
    /// <exception cref="StartTimeoutException">The time is up. Why the last attempt failed is the inner exception.</exception>
    /// <inheritdoc cref="StartAsync(CancellationToken)" path="/exception"/>
    public Task StartAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        _ = _pumping.Value;

        // Whoever does not wait for the start is told of its failure through the state, and needs no unobserved exception on top.
        return AnswerTimeout.Observed(_lifetime.StartAsync(timeout, cancellationToken));
    }

    /// <summary>
    /// Closes the connection and makes no further attempt. No further message is handed out from the moment of the call on; returns when
    /// the handlers of the one before have ended, unless one of them is the caller. What was received and not handled comes again after the
    /// next start, except transient messages.
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

    /// <summary>Stops as <see cref="StopAsync"/> does, for good.</summary>
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
