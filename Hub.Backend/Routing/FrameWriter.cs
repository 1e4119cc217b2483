using System.Text;

namespace RealtimeHub.Routing;

/// <summary>Writes what this process sends through the nodes' channels, each frame a <see cref="VersionedRecord"/>.</summary>
/// <param name="node">What this process calls itself; null for a process that is no node.</param>
internal sealed class FrameWriter(NodeId? node)
{
    private readonly string _sender = node is null ? "" : $"node {node}\n";

    /// <summary>The header of a message, but for its place in the log, which the script that gives it adds.</summary>
    public string Opening(Envelope message) => message.TraceParent is { } trace
        ? $"{Opening(message.Address)}traceparent {trace}\n"
        : Opening(message.Address);

    public byte[] Transient(Envelope message, Cursor id) => [.. Utf8($"{Opening(message)}id {id}\n\n"), .. message.Body.Span];

    /// <summary>A gap: the messages that were here are gone.</summary>
    public byte[] Gap(Address address, Cursor id) => Utf8($"{Opening(address)}id {id}\nafter {id}\n\n");

    public byte[] Command(ReadOnlyMemory<byte> command) => [.. Utf8($"{VersionedRecord.Version} command\n{_sender}\n"), .. command.Span];

    /// <summary>What a node sends to itself, to see whether it hears.</summary>
    public byte[] Echo(string text) => Utf8($"{VersionedRecord.Version} echo\n{_sender}\n{text}");

    private string Opening(Address address) => $"{VersionedRecord.Version} message\naddress {address}\n{_sender}";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
