namespace RealtimeHub.Client.Resuming;

/// <summary>The messages that came during a call of <c>Resume</c>. They are looked at after it.</summary>
internal sealed class HeldMessages
{
    /// <summary>The most messages. If more come, the oldest is dropped, which costs one more call.</summary>
    public const int Capacity = 1_000;

    private Queue<Envelope> _messages = new();
    private bool _hasDropped;
    private bool _isStale;

    /// <summary>
    /// Whether the held messages are not all that came since <see cref="BeginCall"/>, so that the hub must be asked again.
    /// </summary>
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
    /// The answer tells of a loss. Messages that came meanwhile may belong to what is lost, even if they look like the next ones.
    /// </summary>
    public void MarkStale() => _isStale = true;

    /// <summary>A call is about to be sent. Its answer includes everything that was appended until now.</summary>
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
