namespace RealtimeHub.Client.Resuming;

/// <summary>What came while <c>Resume</c> was under way, to be looked at afterwards.</summary>
internal sealed class HeldMessages
{
    /// <summary>Beyond this the oldest is dropped, which costs one more call.</summary>
    public const int Capacity = 1_000;

    private Queue<Arrival> _messages = new();
    private bool _hasDropped;
    private bool _isDoubtful;

    /// <summary>What is held does not tell what came in since <see cref="Settle"/>: the log has to be asked once more.</summary>
    public bool IsUseless => _hasDropped || (_isDoubtful && _messages.Any(message => !message.IsTransient));

    public void Add(Arrival message)
    {
        _messages.Enqueue(message);
        if (_messages.Count > Capacity)
        {
            _hasDropped |= !_messages.Dequeue().IsTransient;
        }
    }

    /// <summary>The answer tells of a loss, and what came in meanwhile may be of what is lost, though it looks as if it came next.</summary>
    public void Doubt() => _isDoubtful = true;

    /// <summary>A call is about to be sent. It answers with all that was appended until now, so only what stands in no log is kept.</summary>
    public void Settle()
    {
        (_hasDropped, _isDoubtful) = (false, false);
        _messages = new Queue<Arrival>(_messages.Where(message => message.IsTransient));
    }

    public IReadOnlyCollection<Arrival> TakeAll()
    {
        var all = _messages;
        _messages = new Queue<Arrival>();
        return all;
    }
}
