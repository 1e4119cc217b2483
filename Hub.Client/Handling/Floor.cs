namespace RealtimeHub.Client.Handling;

/// <summary>How far the handlers have come in the log of one address. Of what counts as handled, nothing was left out.</summary>
internal sealed class Floor
{
    private readonly string _after;
    private string _upTo;
    private string? _failed;
    private DateTimeOffset _toldAt = DateTimeOffset.MinValue;

    /// <param name="after">The message before the first.</param>
    public Floor(string after) => _after = _upTo = Last = after;

    /// <summary>The last message that was handed over.</summary>
    public string Last { get; private set; }

    /// <summary>Whether there is something that the hub was not told.</summary>
    public bool IsNews { get; private set; }

    /// <summary>The handlers of the next message have ended. One that has failed is passed no more.</summary>
    public void Add(string id, bool isHandled)
    {
        Last = id;
        if (_failed is null)
        {
            (_upTo, _failed, IsNews) = isHandled ? (id, _failed, true) : (_upTo, id, true);
        }
    }

    /// <summary>What to tell the hub.</summary>
    public HandledAddress Tell(DateTimeOffset now)
    {
        (IsNews, _toldAt) = (false, now);
        return new HandledAddress(_after, _upTo, _failed);
    }

    /// <summary>What was told after this moment, the hub may not have.</summary>
    public void Repeat(DateTimeOffset since) => IsNews |= _toldAt > since;
}
