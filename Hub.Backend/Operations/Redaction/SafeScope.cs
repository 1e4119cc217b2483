using System.Collections;

namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Replaces the state of a logging scope. SignalR changes its state while the scope lasts, so the original is read each time that a
/// provider reads this.
/// </summary>
internal sealed class SafeScope(object state) : IEnumerable<KeyValuePair<string, object?>>
{
    private LogValues Now => new(state, state.ToString() ?? "");

    public override string ToString() => Now.ToString();

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Now.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
