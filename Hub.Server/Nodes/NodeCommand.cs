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
[JsonDerivedType(typeof(ListMembers), "listMembers")]
[JsonDerivedType(typeof(DescribeNode), "describeNode")]
[JsonDerivedType(typeof(DrainNode), "drainNode")]
[JsonDerivedType(typeof(EndConnections), "endConnections")]
[JsonDerivedType(typeof(RenewConnections), "renewConnections")]
[JsonDerivedType(typeof(ApplyGroups), "applyGroups")]
[JsonDerivedType(typeof(ReplaceConnections), "replaceConnections")]
[JsonDerivedType(typeof(EvictConnections), "evictConnections")]
[JsonDerivedType(typeof(ExplainMessage), "explainMessage")]
[JsonDerivedType(typeof(DescribeLoad), "describeLoad")]
[JsonDerivedType(typeof(FollowUser), "followUser")]
[JsonDerivedType(typeof(NoteFollowed), "noteFollowed")]
[JsonDerivedType(typeof(NoteHandled), "noteHandled")]
[JsonDerivedType(typeof(CommandAnswer), "answer")]
internal record NodeCommand
{
    private const string KindField = "kind";
    private const byte LineEnd = (byte)'\n';

    /// <summary>
    /// What stands behind the line: of a call its bytes, in SignalR's JSON hub protocol; of an answer what was asked for.
    /// </summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }

    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, NodeCommandJson.Default.NodeCommand), LineEnd, .. Body.Span];

    /// <summary>
    /// Reads what <see cref="Write"/> writes; for anything else an <see cref="UnknownRequest"/> if somebody waits for an answer, and otherwise
    /// an <see cref="UnknownCommand"/>.
    /// </summary>
    public static NodeCommand Read(ReadOnlyMemory<byte> bytes)
    {
        var end = bytes.Span.IndexOf(LineEnd);
        var (line, body) = end < 0 ? (bytes, default) : (bytes[..end], bytes[(end + 1)..]);
        try
        {
            // What is of no kind that is known comes as a command and no more.
            var command = JsonSerializer.Deserialize(line.Span, NodeCommandJson.Default.NodeCommand);
            return command is null || command.GetType() == typeof(NodeCommand)
                ? Unknown(line, KindOf(line))
                : command with { Body = body };
        }
        catch (JsonException)
        {
            return Unknown(line, "unreadable");
        }
    }

    private static NodeCommand Unknown(ReadOnlyMemory<byte> line, string kind) =>
        TextOf(line, Field(nameof(NodeRequest.Asker))) is { } asker && TextOf(line, Field(nameof(NodeRequest.RequestId))) is { } request
            ? new UnknownRequest(kind) { Asker = asker, RequestId = request }
            : new UnknownCommand(kind);

    private static string KindOf(ReadOnlyMemory<byte> line) => TextOf(line, KindField) ?? "none";

    private static string Field(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private static string? TextOf(ReadOnlyMemory<byte> line, string field)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement is { ValueKind: JsonValueKind.Object } command && command.TryGetProperty(field, out var value)
                ? value.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
