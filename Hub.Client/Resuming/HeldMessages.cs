namespace RealtimeHub.Client.Resuming;

/// <summary>What came while <c>Resume</c> was under way, to be looked at afterwards.</summary>
internal sealed class HeldMessages
{
    /// <summary>Beyond this the oldest is dropped, which costs one more call.</summary>
    public const int Capacity = 1_000;

    private Queue<Envelope> _messages = new();
    private bool _hasDropped;
    private bool _isStale;

    /// <summary>What is held does not tell what came in since <see cref="BeginCall"/>: the log has to be asked once more.</summary>
    public bool IsUseless => _hasDropped || (_isStale && _messages.Count > 0);

    public void Add(Envelope message)
    {
        _messages.Enqueue(message);
        if (_messages.Count > Capacity)
        {
            _messages.Dequeue();
            _hasDropped = true;
        }
    }

    /// <summary>
    /// The answer tells of a loss, and what came in meanwhile may be of what is lost, though it looks as if it came next.
    /// </summary>
    public void MarkStale() => _isStale = true;

    /// <summary>A call is about to be sent. It answers with all that was appended until now.</summary>
    public void BeginCall()
    {
        (_hasDropped, _isStale) = (false, false);
        _messages.Clear();
    }

    public IReadOnlyCollection<Envelope> TakeAll()
    {
        var all = _messages;
        _messages = new Queue<Envelope>();
        return all;
    }
}
