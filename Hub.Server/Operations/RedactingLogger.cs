namespace RealtimeHub.Operations;

/// <summary>Passes log entries on, the secrets in them replaced: in the message, in each named value, in the exception.</summary>
internal sealed class RedactingLogger(ILogger inner) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        var message = formatter(state, exception);
        var safeMessage = SecretText.Redact(message);
        var safeException = RedactedException.Of(exception);
        if (ReferenceEquals(safeMessage, message) && ReferenceEquals(safeException, exception))
        {
            inner.Log(logLevel, eventId, state, exception, (_, _) => message);
            return;
        }

        inner.Log(logLevel, eventId, Redact(state), safeException, (_, _) => safeMessage);
    }

    private static KeyValuePair<string, object?>[] Redact(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> values
            ? [.. values.Select(value => KeyValuePair.Create(value.Key, RedactValue(value.Value)))]
            : [];

    private static object? RedactValue(object? value)
    {
        var text = value?.ToString();
        return text is null || ReferenceEquals(SecretText.Redact(text), text) ? value : SecretText.Redact(text);
    }
}
