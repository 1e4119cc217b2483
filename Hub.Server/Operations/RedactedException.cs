namespace RealtimeHub.Operations;

/// <summary>Stands in for an exception whose text holds a secret.</summary>
internal sealed class RedactedException : Exception
{
    private readonly string _text;

    private RedactedException(string message, string text)
        : base(message) => _text = text;

    /// <summary>The same exception if it holds no secret.</summary>
    public static Exception? Of(Exception? exception)
    {
        var text = exception?.ToString();
        return text is null || ReferenceEquals(SecretText.Redact(text), text)
            ? exception
            : new RedactedException(SecretText.Redact(exception!.Message), SecretText.Redact(text));
    }

    public override string ToString() => _text;
}
