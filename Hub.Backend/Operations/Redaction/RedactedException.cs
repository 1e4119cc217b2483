namespace RealtimeHub.Operations.Redaction;

/// <summary>Replaces an exception whose text or data, or that of an inner exception, must not be logged as it is.</summary>
internal sealed class RedactedException : Exception
{
    private readonly string _text;

    private RedactedException(string message, string text)
        : base(message) => _text = text;

    /// <summary>The same exception if it is safe.</summary>
    public static Exception? Of(Exception? exception)
    {
        if (exception is null)
        {
            return null;
        }

        var all = AllIn(exception).ToList();
        var text = exception.ToString();
        var safe = LogText.Lines(all.Select(each => each.Message).Where(message => message.Length > 0).Aggregate(
            text, (soFar, message) => soFar.Replace(message, LogText.Line(message), StringComparison.Ordinal)));
        return text == safe && all.All(HasSafeData) ? exception : new RedactedException(LogText.Line(exception.Message), safe);
    }

    public override string ToString() => _text;

    private static IEnumerable<Exception> AllIn(Exception exception)
    {
        var inner = exception is AggregateException several
            ? several.InnerExceptions
            : (IEnumerable<Exception>)(exception.InnerException is { } one ? [one] : []);
        return inner.SelectMany(AllIn).Prepend(exception);
    }

    /// <remarks>Data that is not safe is left out: it is in no message, and only a few providers would show it.</remarks>
    private static bool HasSafeData(Exception exception) => exception.Data.Keys.Cast<object>().All(key => IsSafe($"{key}") && IsSafe($"{exception.Data[key]}"));

    private static bool IsSafe(string text) => ReferenceEquals(LogText.Line(text), text);
}
