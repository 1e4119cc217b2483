using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeHub.Operations.Redaction;

/// <summary>A log message and its named values, with every text in them made safe for providers.</summary>
internal sealed class LogValues : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Template = "{OriginalFormat}";

    /// <summary>The name that SignalR uses both for a connection's id and for the secret token of the connection.</summary>
    private const string ConnectionName = "TransportConnectionId";

    private readonly KeyValuePair<string, object?>[] _values;
    private readonly string _message;

    /// <param name="state">What was logged, or the state of a scope.</param>
    /// <param name="message">The same as text.</param>
    public LogValues(object? state, string message)
    {
        KeyValuePair<string, object?>[] values = state is IEnumerable<KeyValuePair<string, object?>> named ? [.. named] : [];
        _values = [.. values.Select(value => KeyValuePair.Create(LogText.Line(value.Key), Safe(value)))];

        // Line ends in the template are the code's own. Line ends in a value came from outside.
        foreach (var (value, safe) in values.Zip(_values).Where(pair => pair.First.Key != Template))
        {
            message = Replace(message, value.Value, safe.Value);
        }

        _message = HasLines(values) ? LogText.Lines(message) : LogText.Line(message);
    }

    private LogValues(KeyValuePair<string, object?>[] values, string message) => (_values, _message) = (values, message);

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <summary>The same with the name of its event: in the message, which every provider shows, and as a value.</summary>
    public LogValues Named(string eventName) => new([.. _values, KeyValuePair.Create("EventName", (object?)eventName)], $"{eventName}: {_message}");

    /// <summary>The same with how often it happened since the last line. For once, nothing is added.</summary>
    public LogValues Counted(long count) =>
        count == 1 ? this : new([.. _values, KeyValuePair.Create("Count", (object?)count)], $"{_message} ({count} of these.)");

    public override string ToString() => _message;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Replace(string message, object? value, object? safe) =>
        safe is string text && value?.ToString() is { Length: > 0 } unsafeText && unsafeText != text
            ? message.Replace(unsafeText, text, StringComparison.Ordinal)
            : message;

    private static bool HasLines(KeyValuePair<string, object?>[] values) =>
        values is [.., { Key: Template, Value: string template }] && template.Contains('\n', StringComparison.Ordinal);

    private static object? Safe(KeyValuePair<string, object?> named) => named.Value switch
    {
        not null when SecretText.IsNamed(named.Key) => SecretText.Redacted,
        string connection when named.Key == ConnectionName => Fingerprint(connection),
        string template when named.Key == Template => LogText.Lines(template),
        string text => LogText.Line(text),
        null or IConvertible or Guid or TimeSpan or DateTimeOffset => named.Value,
        IEnumerable several => several.Cast<object?>().Select(value => LogText.Line($"{value}")).ToArray(),
        var value => value.ToString() is { } text && !ReferenceEquals(LogText.Line(text), text) ? LogText.Line(text) : value,
    };

    /// <summary>Enough to see that two lines are about the same connection, and too little to use the connection.</summary>
    private static string Fingerprint(string connection) =>
        connection.Length == 0 ? connection : $"#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(connection)))[..8]}";
}
