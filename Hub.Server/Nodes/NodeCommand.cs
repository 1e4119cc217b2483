using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Nodes;

/// <summary>
/// What one node asks or tells another: a line of JSON, whose <c>kind</c> says which of these it is, and behind the line bytes that are
/// passed on as they are. docs/protocol.md, "Between nodes".
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = KindField, IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(CallAddress), "callAddress")]
[JsonDerivedType(typeof(CallConnections), "callConnections")]
[JsonDerivedType(typeof(JoinGroup), "joinGroup")]
[JsonDerivedType(typeof(LeaveGroup), "leaveGroup")]
[JsonDerivedType(typeof(CommandAnswer), "answer")]
internal record NodeCommand
{
    private const string KindField = "kind";
    private const byte LineEnd = (byte)'\n';

    /// <summary>What stands behind the line: of a call its bytes, in SignalR's JSON hub protocol.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }

    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, NodeCommandJson.Default.NodeCommand), LineEnd, .. Body.Span];

    /// <summary>Reads what <see cref="Write"/> writes; an <see cref="UnknownCommand"/> for anything else.</summary>
    public static NodeCommand Read(ReadOnlyMemory<byte> bytes)
    {
        var end = bytes.Span.IndexOf(LineEnd);
        var (line, body) = end < 0 ? (bytes, default) : (bytes[..end], bytes[(end + 1)..]);
        try
        {
            // What is of no kind that is known comes as a command and no more.
            var command = JsonSerializer.Deserialize(line.Span, NodeCommandJson.Default.NodeCommand);
            return command is null || command.GetType() == typeof(NodeCommand)
                ? new UnknownCommand(KindOf(line))
                : command with { Body = body };
        }
        catch (JsonException)
        {
            return new UnknownCommand("unreadable");
        }
    }

    private static string KindOf(ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement is { ValueKind: JsonValueKind.Object } command && command.TryGetProperty(KindField, out var kind)
            ? kind.ToString()
            : "none";
    }
}
