using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// What a dead letter says beside its body: why it is dead, and as much of what the message said as has room beside that.
/// </summary>
/// <remarks>
/// All of it must fit into one frame. A broker that gets a larger one closes the connection, and would hand out the same message again for
/// ever.
/// </remarks>
internal static class DeadLetterProperties
{
    /// <summary>
    /// What a frame takes beside the properties, with the number by which the library knows the broker's answer, and a little more.
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
    /// Without what would let the broker refuse it (a sender who is not this user), send it elsewhere as well (<c>CC</c>), or drop it (an
    /// expiration, a restart).
    /// </remarks>
    private static BasicProperties Kept(BasicProperties properties, Dictionary<string, object?> headers)
    {
        (properties.Headers, properties.Persistent) = (headers, true);
        properties.ClearExpiration();
        properties.ClearUserId();
        return properties;
    }

    /// <remarks>Tried, because what can be read cannot always be written: text that was no UTF-8 has grown on the way.</remarks>
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
