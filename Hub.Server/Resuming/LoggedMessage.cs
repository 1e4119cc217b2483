using System.Text.Json.Serialization;
using RealtimeHub.Routing;

namespace RealtimeHub.Resuming;

/// <summary>A message from a log. Its JSON is that of <see cref="PushMessage"/>, in the bytes that its publisher wrote.</summary>
[JsonConverter(typeof(LoggedMessageConverter))]
public readonly struct LoggedMessage
{
    private readonly RoutedMessage _message;

    internal LoggedMessage(RoutedMessage message) => _message = message;

    internal byte[] ToJson() => [.. _message.Opening(), .. _message.Body.Span];
}
