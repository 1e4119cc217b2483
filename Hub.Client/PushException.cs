namespace RealtimeHub.Client;

/// <summary>
/// The base of all exceptions of this package. The code is for programs, the message for people; neither ever holds a token.
/// </summary>
public abstract class PushException : Exception
{
    private protected PushException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>A stable word such as <c>sign_in_required</c>. A <see cref="RefusedException"/> passes on the hub's own.</summary>
    public string Code { get; }

    /// <summary>
    /// Turns what was thrown while connecting or resuming into one of ours. If the hub's refusal is known, it is taken, because it says
    /// more than the exception of a transport.
    /// </summary>
    internal static PushException From(Exception failure)
    {
        var ours = Causes(failure).OfType<PushException>().ToList();
        return ours.Find(cause => cause is RefusedException) ?? ours.FirstOrDefault() ?? new ConnectionException(failure.Message, failure);
    }

    /// <summary>
    /// The most helpful of the failures of one attempt, which are given in order. A refusal of the client comes first, then a refusal that
    /// another transport might not get, then failures without an answer of the hub. Of several of one kind it is the last, since that is
    /// the current state.
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
