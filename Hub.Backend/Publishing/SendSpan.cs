using System.Diagnostics;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>The span of a publication, from when it is given to the router until the router has it: <c>send user</c>.</summary>
internal static class SendSpan
{
    /// <summary>Begins it, if somebody wants it, and has the message take along where it stands in the trace.</summary>
    /// <param name="message">The message, with the place of its publisher if that is another process.</param>
    /// <param name="sent">The message as it is to be routed.</param>
    public static Activity? Begin(Envelope message, out Envelope sent)
    {
        var publisher = message.TraceParent is { } told ? TracePlace.Parse(told) : TracePlace.Current;
        var span = HubSpans.AreWanted
            ? HubSpans.BeginMessage("send", ActivityKind.Producer, KindTag.NameOf(message.Address), publisher)
            : null;
        var place = TracePlace.Write(span?.Context ?? publisher);
        sent = place == message.TraceParent ? message : message with { TraceParent = place };
        return span;
    }

    public static void Sent(this Activity? span, string id) => span?.SetTag("messaging.message.id", id);
}
