using System.Diagnostics;

namespace RealtimeHub.Operations;

/// <summary>The hub's spans, and what they have in common. docs/operations.md has the table of them all.</summary>
/// <remarks>
/// An attribute never has a user, the name of a group, an id of a connection or a secret. Where nobody listens, nothing is created.
/// </remarks>
internal static class HubSpans
{
    public const string SourceName = "RealtimeHub";

    /// <summary>Of OpenTelemetry's conventions for errors: one of the codes of docs/protocol.md.</summary>
    private const string ErrorType = "error.type";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody wants spans of the hub.</summary>
    public static bool AreWanted => Source.HasListeners();

    /// <summary>A span of a step of a connection, inside of what is under way; null if nobody wants it.</summary>
    public static Activity? Begin(string name) => Source.StartActivity(name);

    /// <summary>A span of what is done with a message. It is not what is under way here: many messages are, at once.</summary>
    /// <param name="operation">What is done, by OpenTelemetry's conventions for messaging.</param>
    /// <param name="kind">Whether the message comes or goes.</param>
    /// <param name="destination">The kind of its address.</param>
    /// <param name="publisher">Where its publisher stands in a trace; default if nowhere.</param>
    /// <param name="isLinked">Whether the publisher's span is also linked to, as that of another process is.</param>
    public static Activity? BeginMessage(
        string operation, ActivityKind kind, string destination, ActivityContext publisher, bool isLinked = false)
    {
        var around = Activity.Current;
        var span = Source.StartActivity(
            $"{operation} {destination}", kind, publisher, links: isLinked ? [new ActivityLink(publisher)] : null);
        if (span is not null)
        {
            Activity.Current = around;
        }

        return span?.SetTag("messaging.system", "realtimehub").SetTag("messaging.operation.name", operation)
            .SetTag("messaging.operation.type", kind == ActivityKind.Producer ? "send" : "process")
            .SetTag("messaging.destination.template", destination);
    }

    /// <summary>Notes what a step was refused with, or has failed with.</summary>
    public static void Refuse(this Activity? span, string code) => span?.SetTag(ErrorType, code).SetStatus(ActivityStatusCode.Error);
}
