using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>
/// What one node asks of others: to call clients in the name of an <c>IHubContext</c>, or to change a connection's groups.
/// </summary>
internal sealed record NodeCommand(NodeCommandKind Kind)
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>Whom to call, or the group to join or leave.</summary>
    public Address? Address { get; init; }

    /// <summary>Whom to call, or who joins or leaves.</summary>
    public IReadOnlyList<string> Connections { get; init; } = [];

    /// <summary>Who of the address is not called.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>Who wants to know when it is done.</summary>
    public string? Asker { get; init; }

    /// <summary>What the asker knows its question by.</summary>
    public string? Question { get; init; }

    /// <summary>Why it could not be done.</summary>
    public string? Mistake { get; init; }

    /// <summary>The call, in SignalR's JSON hub protocol.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Call { get; init; }

    /// <summary>The command as a line of JSON, and the call behind it.</summary>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, NodeCommandJson.Default.NodeCommand), LineEnd, .. Call.Span];

    /// <summary>Reads what <see cref="Write"/> writes; null for anything else.</summary>
    public static NodeCommand? Read(ReadOnlyMemory<byte> bytes)
    {
        var end = bytes.Span.IndexOf(LineEnd);
        try
        {
            return end < 0
                ? null
                : JsonSerializer.Deserialize(bytes.Span[..end], NodeCommandJson.Default.NodeCommand)! with { Call = bytes[(end + 1)..] };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
