namespace RealtimeHub.Client;

/// <summary>What every failure of this package is. The code is for programs, the message for people; neither ever holds a token.</summary>
public abstract class PushException : Exception
{
    private protected PushException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>A stable word such as <c>sign_in_required</c>. A <see cref="RefusedException"/> passes on the hub's own.</summary>
    public string Code { get; }

    /// <summary>
    /// What was thrown while connecting or resuming, as one of ours. A refusal tells more than what transports made of it.
    /// </summary>
    internal static PushException From(Exception failure)
    {
        var ours = Causes(failure).OfType<PushException>().ToList();
        return ours.Find(cause => cause is RefusedException) ?? ours.FirstOrDefault() ?? new ConnectionException(failure.Message, failure);
    }

    /// <summary>
    /// Of the failures of one attempt, in their order, that which helps most: a refusal of the client before one that another transport
    /// would not meet, both before what failed without an answer of the hub, and of several alike the last, because it is how things stand.
    /// </summary>
    internal static PushException MostTelling(IReadOnlyList<PushException> failures) =>
        failures.LastOrDefault(failure => failure is RefusedException { IsOfTransport: false })
        ?? failures.LastOrDefault(failure => failure is RefusedException)
        ?? failures[^1];

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        IEnumerable<Exception> inner = failure switch
        {
            AggregateException several => several.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => [],
        };
        return inner.SelectMany(Causes).Prepend(failure);
    }
}
