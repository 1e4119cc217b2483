using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Text;
using RabbitMQ.Client;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>A message as the broker delivered it. It should follow docs/protocol.md, but may not.</summary>
internal sealed record QueuedMessage(
    ulong Tag, bool IsRedelivered, string Exchange, string RoutingKey, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    private const string UserPrefix = "user.";
    private const string GroupPrefix = "group.";

    /// <summary>
    /// What it asks to publish, or what is wrong with it, in words. A durable message always has an idempotency key here.
    /// </summary>
    public bool TryRead(out CheckedPublication publication, [NotNullWhen(false)] out string? mistake)
    {
        publication = default;
        mistake = MistakeInProperties() ?? MistakeInHeaders() ?? MistakeInRoutingKey() ?? MistakeInSize();
        if (mistake is not null
            || !JsonBody.TryRead(Body.Span, ApiJson.Default.MessageRequest, out var request, out mistake)
            || !WithKey(request).TryRead(Address(), out publication, out mistake))
        {
            return false;
        }

        publication = publication.From(Backend);
        return true;
    }

    /// <summary>
    /// Where its publisher stands in a trace, by the header of that name; null if it does not say so in a way that can be read.
    /// </summary>
    public string? TraceParent => Properties.Headers?.TryGetValue("traceparent", out var header) == true && header is byte[] text
        ? TracePlace.Write(TracePlace.Parse(Encoding.ASCII.GetString(text)))
        : null;

    private string? MistakeInProperties() =>
        Properties.IsMessageIdPresent() ? MistakeInName("message_id", Properties.MessageId ?? "") ?? MistakeInContentType() : MistakeInContentType();

    private string? MistakeInContentType() =>
        JsonMedia.Mistake(string.IsNullOrEmpty(Properties.ContentType)
            ? MediaTypeNames.Application.Json
            : Properties.ContentType, Properties.ContentEncoding) is null ? null
        : "The content_type must be application/json, in UTF-8, or be left out, and the content_encoding as well.";

    /// <remarks>The hub does not use them, but people who look at the message later should be able to read them.</remarks>
    private string? MistakeInHeaders() => Nesting.IsDeeperThan(PayloadRule.MostLevels, Properties.Headers)
        ? $"The headers may be nested {PayloadRule.MostLevels} levels deep at the most."
        : null;

    private string? MistakeInSize() => Body.Length > JsonBody.LargestBody ? ApiRefusals.BodyTooLarge(JsonBody.LargestBody).Detail : null;

    private string? MistakeInRoutingKey() =>
        RoutingKey == Routing.Address.Everyone.ToString() ? null
        : NameBehind(UserPrefix) is { } user ? MistakeInName("user in the routing key", user)
        : NameBehind(GroupPrefix) is { } group ? MistakeInName("group in the routing key", group)
        : "The routing key must be user.<id>, group.<name> or everyone.";

    private Address Address() =>
        NameBehind(UserPrefix) is { } user ? Routing.Address.User(user)
        : NameBehind(GroupPrefix) is { } group ? Routing.Address.Group(group)
        : Routing.Address.Everyone;

    private string? NameBehind(string prefix) =>
        RoutingKey.StartsWith(prefix, StringComparison.Ordinal) ? RoutingKey[prefix.Length..] : null;

    private static string? MistakeInName(string what, string name) =>
        Identifier.IsValid(name) ? null
        : name.Contains('\ufffd', StringComparison.Ordinal) ? $"The {what} must be valid UTF-8."
        : $"The {what} {Identifier.Rule}.";

    /// <remarks>
    /// A message without an idempotency key gets one here, so that another attempt by this node does not publish it twice.
    /// </remarks>
    private MessageRequest WithKey(MessageRequest request) => request.Transient
        ? request
        : request with { IdempotencyKey = request.IdempotencyKey ?? Properties.MessageId ?? Guid.NewGuid().ToString("N") };

    /// <summary>
    /// Who published it, if the message says so. The broker checks that: it accepts only the publisher's own <c>user_id</c>.
    /// </summary>
    private string Backend => string.IsNullOrEmpty(Properties.UserId) ? "rabbitmq" : $"rabbitmq/{Properties.UserId}";
}
