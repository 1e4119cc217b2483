using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// The properties of a dead letter: why it is dead, and as many of the message's own properties as have room beside the reason.
/// </summary>
/// <remarks>
/// All of it must fit into one frame. A broker that gets a larger frame closes the connection, and would then deliver the same message
/// again, for ever.
/// </remarks>
internal static class DeadLetterProperties
{
    /// <summary>
    /// What else is in the frame, in bytes: its own fields, the header by which the library recognises the broker's confirm, and a reserve.
    /// </summary>
    private const int Frame = 128;

    public static BasicProperties Of(QueuedMessage message, string reason, uint largestFrame)
    {
        var reasonOnly = new Dictionary<string, object?>
        {
            ["x-realtimehub-reason"] = reason,
            ["x-realtimehub-exchange"] = message.Exchange,
            ["x-realtimehub-routing-key"] = message.RoutingKey,
        };
        return Whole(message, reasonOnly) is { } whole && Fits(whole, largestFrame) ? whole
            : Without("headers", new BasicProperties(message.Properties), reasonOnly) is var headless && Fits(headless, largestFrame) ? headless
            : Without("headers and properties", new BasicProperties(), reasonOnly);
    }

    private static BasicProperties? Whole(QueuedMessage message, Dictionary<string, object?> reason)
    {
        if (Nesting.IsDeeperThan(PayloadRule.MostLevels, message.Properties.Headers))
        {
            return null;
        }

        var headers = new Dictionary<string, object?>(message.Properties.Headers ?? new Dictionary<string, object?>());
        foreach (var (name, value) in reason)
        {
            headers[name] = value;
        }

        headers.Remove("CC");
        return Kept(new BasicProperties(message.Properties), headers);
    }

    private static BasicProperties Without(string what, BasicProperties properties, Dictionary<string, object?> reason) =>
        Kept(properties, new Dictionary<string, object?>(reason) { ["x-realtimehub-left-out"] = what });

    /// <remarks>
    /// Leaves out what would make the broker refuse it (a <c>user_id</c> that is not ours), send it elsewhere as well (<c>CC</c>), or drop
    /// it (an expiration, not being persistent).
    /// </remarks>
    private static BasicProperties Kept(BasicProperties properties, Dictionary<string, object?> headers)
    {
        (properties.Headers, properties.Persistent) = (headers, true);
        properties.ClearExpiration();
        properties.ClearUserId();
        return properties;
    }

    /// <remarks>
    /// This must be tried: what could be read cannot always be written, because text that was not UTF-8 grows when it is read.
    /// </remarks>
    private static bool Fits(BasicProperties properties, uint largestFrame)
    {
        try
        {
            IAmqpWriteable writeable = properties;
            var size = writeable.GetRequiredBufferSize();
            return size + Frame <= largestFrame && writeable.WriteTo(new byte[size]) == size;
        }
        catch (Exception unwritable) when (unwritable is ArgumentException or ProtocolViolationException)
        {
            return false;
        }
    }
}
