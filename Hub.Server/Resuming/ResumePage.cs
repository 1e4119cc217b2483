using RealtimeHub.Routing;

namespace RealtimeHub.Resuming;

/// <summary>The answer to a resume as it fills, up to 256 KB. One address with one message always fits.</summary>
internal sealed class ResumePage
{
    private const int Capacity = 256 * 1024;

    /// <summary>What an address costs beside its messages and its name, and a message beside its body, at the most.</summary>
    private const int Frame = 128;

    /// <summary>The most bytes that one character of a name takes in JSON.</summary>
    private const int Character = 6;

    private readonly Dictionary<string, ResumedAddress> _addresses = new(StringComparer.Ordinal);
    private readonly List<string> _refused = [];
    private int _room = Capacity;
    private bool _more;

    public bool IsFull => _more;

    /// <summary>How many bytes of bodies still have room, with the frames of messages as small as they can be.</summary>
    public int Room => Math.Max(_room * 2 / 5, 0);

    public void Refuse(string address) => _refused.Add(address);

    /// <summary>Leaves what has no room for a later page.</summary>
    public void Postpone() => _more = true;

    /// <summary>Adds what was missed at an address, or postpones it.</summary>
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
