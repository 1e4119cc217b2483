using System.Collections;

namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Stands in for the state of a scope. SignalR changes its own while the scope lasts, so that it is read whenever a provider reads this.
/// </summary>
internal sealed class SafeScope(object state) : IEnumerable<KeyValuePair<string, object?>>
{
    private LogValues Now => new(state, state.ToString() ?? "");

    public override string ToString() => Now.ToString();

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Now.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
