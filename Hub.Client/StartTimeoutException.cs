namespace RealtimeHub.Client;

/// <summary>
/// The start did not connect within its time limit, and the client is stopped. The inner exception is the failure of the last attempt.
/// </summary>
public sealed class StartTimeoutException : PushException
{
    internal StartTimeoutException(TimeSpan timeout, PushException? last)
        : base("start_timeout", $"There was no connection within {timeout.TotalSeconds:0.###} seconds. {last?.Message ?? "The first attempt is still under way."}", last)
    {
    }
}
