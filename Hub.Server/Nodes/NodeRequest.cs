using System.Text.Json.Serialization;

namespace RealtimeHub.Nodes;

/// <summary>A command that is answered. <see cref="NodeRequests"/> says by whom it is asked, and gives it its id.</summary>
internal abstract record NodeRequest : NodeCommand
{
    /// <summary>The node that waits for the answer.</summary>
    [JsonRequired]
    public string Asker { get; init; } = "";

    /// <summary>What the asker knows the answer by.</summary>
    [JsonRequired]
    public string RequestId { get; init; } = "";
}
