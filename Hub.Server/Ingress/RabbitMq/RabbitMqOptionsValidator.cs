using System.Text;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Ingress.RabbitMq;

internal sealed class RabbitMqOptionsValidator : IValidateOptions<RabbitMqOptions>
{
    // A name in AMQP has at most 255 bytes, and that of the dead-letter queue is longer than that of the queue.
    private const int LongestName = 250;

    /// <summary>The rule for names of exchanges and queues, for error messages.</summary>
    public static readonly string NameRule =
        $"must be a name of 1 to {LongestName} bytes that does not begin with amq. and has no control characters";

    public ValidateOptionsResult Validate(string? name, RabbitMqOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.IsConfigured && !IsBroker(options.Uri))
        {
            // The address is not repeated: it may hold a password.
            result.AddError("RabbitMq:Uri must be like amqp://user:password@host:5672/vhost, or amqps://…; percent-encode what is special in user, password and vhost.");
        }

        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[("Exchange", options.Exchange), ("Queue", options.Queue)])
        {
            if (!IsName(value))
            {
                result.AddError($"RabbitMq:{key} {NameRule}.");
            }
        }

        if (options.QueueType is not ("quorum" or "classic"))
        {
            result.AddError("RabbitMq:QueueType must be quorum or classic.");
        }

        if (options.Prefetch is < 1 or > RabbitMqOptions.LargestPrefetch)
        {
            result.AddError("RabbitMq:Prefetch must be 1 to 10000.");
        }

        return result.Build();
    }

    /// <summary>Whether the text may name an exchange or a queue.</summary>
    public static bool IsName(string? text) =>
        text is { Length: > 0 } && Encoding.UTF8.GetByteCount(text) <= LongestName && !text.Any(char.IsControl)
        && !text.StartsWith("amq.", StringComparison.Ordinal);

    // An unencoded / ? # or @ in a password would make its first half look like the host, which is written to logs.
    private static bool IsBroker(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "amqp" or "amqps", Host.Length: > 0, Query: "", Fragment: "", Segments.Length: <= 2 }
        && uri.UserInfo.Count(character => character == ':') <= 1
        && !uri.AbsolutePath.Contains('@', StringComparison.Ordinal);
}
