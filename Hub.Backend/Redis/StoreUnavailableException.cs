namespace RealtimeHub.Redis;

/// <summary>
/// Redis does not answer, or refuses. Until it serves again nothing is minted, published or resumed, and nobody is let in. The message says
/// which it is, and what to do.
/// </summary>
/// <remarks>A command that was under way when the connection broke may have been carried out.</remarks>
public sealed class StoreUnavailableException : Exception
{
    /// <param name="cause">What a command has thrown.</param>
    public StoreUnavailableException(Exception cause)
        : this(RedisFault.Of(cause), cause)
    {
    }

    internal StoreUnavailableException(RedisFault fault, Exception cause)
        : base(fault.ToString(), cause) => Fault = fault;

    internal RedisFault Fault { get; }
}
