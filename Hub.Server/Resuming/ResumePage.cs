using RealtimeHub.Routing;

namespace RealtimeHub.Resuming;

/// <summary>The answer to a resume while it is being filled, up to 256 KB. One address with one message always fits.</summary>
internal sealed class ResumePage
{
    private const int Capacity = 256 * 1024;

    /// <summary>The most bytes of an address besides its name and messages, and of a message besides its body.</summary>
    private const int Frame = 128;

    /// <summary>The most bytes that one character of a name takes in JSON.</summary>
    private const int Character = 6;

    private readonly Dictionary<string, ResumedAddress> _addresses = new(StringComparer.Ordinal);
    private readonly List<string> _refused = [];
    private int _room = Capacity;
    private bool _more;

    public bool IsFull => _more;

    /// <summary>
    /// How many bytes of message bodies surely have room. Of messages with the shortest possible bodies, two fifths are body and the rest
    /// is frame.
    /// </summary>
    public int Room => Math.Max(_room * 2 / 5, 0);

    public void Refuse(string address) => _refused.Add(address);

    /// <summary>Marks that more is left for a later page.</summary>
    public void Postpone() => _more = true;

    /// <summary>Adds what was missed at an address, or leaves it for a later page.</summary>
    public void Add(Address address, LogPage log) => _more |= !TryAdd(address, log) || log.More;

    /// <returns>False if there is no room.</returns>
    public bool TryAdd(Address address, LogPage log)
    {
        var size = Frame + (Character * address.ToString().Length) + log.Messages.Sum(message => Frame + message.Body.Length);
        if (size > _room && _addresses.Count > 0)
        {
            return false;
        }

        _room -= size;
        _addresses[address.ToString()] = new ResumedAddress(
            log.Recovered, log.Cursor.ToString(), [.. log.Messages.Select(message => new LoggedMessage(message))]);
        return true;
    }

    public ResumeAnswer ToAnswer() => new(_addresses, _refused, _more);
}
