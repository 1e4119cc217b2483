using RealtimeHub.Operations;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Authentication;

/// <summary>Which clients this node has not let in, for backends that want to know.</summary>
/// <remarks>
/// To be refused as a user costs a token that was minted for that user, and each is told. Anybody else can be refused as often as they
/// like, so of those the first is told at once, and then, while they go on, their number once a second, for each code.
/// </remarks>
internal sealed class RefusedClients(EventRecorder recorder, RecordedEvents kinds, FollowedUsers followed, NodeId node, LogSummary summary)
{
    public void Add(Refusal refusal)
    {
        if (followed.Any)
        {
            followed.Note(refusal.User, "refused", $"{refusal.Code}: {refusal.Detail}");
        }

        if (!kinds.OfConnections || !IsTold(refusal))
        {
            return;
        }

        if (refusal.User is { } user)
        {
            Record(Address.User(user), refusal, count: 1);
        }
        else
        {
            summary.Report($"{EventType.ConnectionRefused} {refusal.Code}", "", (count, _) => Record(HubEvent.OfNobody, refusal, count));
        }
    }

    /// <remarks>What a client has asked for in a wrong way, or of a node that does not have its connection, is its own affair.</remarks>
    private static bool IsTold(Refusal refusal) => refusal.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
        or StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    private void Record(Address user, Refusal refusal, long count) => recorder.Record(
        user, EventType.ConnectionRefused, new RefusalEvent(node.Value, refusal.Status, refusal.Code, refusal.Detail, count),
        EventJson.Default.RefusalEvent);
}
