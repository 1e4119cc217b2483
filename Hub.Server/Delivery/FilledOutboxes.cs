using System.Runtime.InteropServices;

namespace RealtimeHub.Delivery;

/// <summary>Outboxes that are to be flushed: a list through the outboxes themselves, each of which is in one list at most.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct FilledOutboxes
{
    private Outbox? _last;

    /// <summary>Has a call wait in an outbox.</summary>
    public void Fill(Outbox outbox, Outgoing call)
    {
        if (outbox.Fill(call))
        {
            (outbox.NextFilled, _last) = (_last, outbox);
        }
    }

    /// <summary>Flushes each once.</summary>
    public void Flush()
    {
        while (_last is { } outbox)
        {
            (_last, outbox.NextFilled) = (outbox.NextFilled, null);
            outbox.Flush();
        }
    }
}
