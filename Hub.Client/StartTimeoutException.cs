namespace RealtimeHub.Client;

/// <summary>The time that a start was given is up. The client is stopped. What stood in the way last is the inner exception.</summary>
public sealed class StartTimeoutException : PushException
{
    internal StartTimeoutException(TimeSpan timeout, PushException? last)
        : base("start_timeout", $"There was no connection within {timeout.TotalSeconds:0.###} seconds. {last?.Message ?? "The first attempt is still under way."}", last)
    {
    }
}
