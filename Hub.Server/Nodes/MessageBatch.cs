using System.Runtime.InteropServices;
using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Messages that have come together: at most 64, and no more bytes than a client that keeps up may have waiting.</summary>
internal sealed class MessageBatch(Inbox inbox)
{
    private const int MaxMessages = 64;
    private const int MaxBytes = 128 * 1024;

    private readonly List<RoutedMessage> _messages = new(MaxMessages);
    private int _bytes;

    /// <summary>Whether it is to be delivered before anything else is taken up.</summary>
    public bool IsFull => _messages.Count == MaxMessages || _bytes >= MaxBytes;

    public void Add(RoutedMessage message)
    {
        _messages.Add(message);
        _bytes += message.Body.Length;
    }

    public void Deliver()
    {
        if (_messages.Count > 0)
        {
            inbox.Deliver(CollectionsMarshal.AsSpan(_messages));
            _messages.Clear();
            _bytes = 0;
        }
    }
}
