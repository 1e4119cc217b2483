namespace RealtimeHub.Delivery;

/// <summary>
/// What the node knows of a client's cursors: whether it keeps any, and how often it may resume from them. Calls may come at once.
/// </summary>
internal sealed class ClientCursors
{
    private readonly ResumeRateLimit _limit = new();
    private volatile bool _areKept;

    /// <summary>Whether it has called <c>Resume</c>, or asked for heads as it connected, and so can be told of heads.</summary>
    public bool AreKept => _areKept;

    /// <summary>Takes note that it has asked for heads.</summary>
    public void Keep() => _areKept = true;

    /// <summary>Takes note that it resumes, and says how long it is to wait before it is answered.</summary>
    public TimeSpan TakeTurn(DateTimeOffset now)
    {
        _areKept = true;
        return _limit.Take(now);
    }
}
