namespace RealtimeHub.Events;

/// <summary>Why an event was not taken.</summary>
/// <param name="Summary">In one sentence that anybody may read: no address, and no secret.</param>
/// <param name="IsOfAll">Whether others would not be taken either; otherwise it is about this one.</param>
internal sealed record EventFault(string Summary, bool IsOfAll);
