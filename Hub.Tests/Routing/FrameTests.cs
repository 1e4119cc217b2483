using System.Text;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What goes through the channels of nodes is read as what it is, and as nothing else.</summary>
public sealed class FrameTests
{
    private static readonly NodeId Node = new("0198c7f2");
    private static readonly Envelope Message = new(Address.User("alice"), "\"type\":\"t\"}"u8.ToArray());

    [Theory]
    [InlineData("message")]
    [InlineData("command")]
    [InlineData("echo")]
    public void A_frame_is_of_one_kind(string kind)
    {
        var writer = new FrameWriter(Node);
        VersionedRecord.TryRead(
            kind switch
            {
                "message" => writer.Transient(Message, Cursor.Transient()),
                "command" => writer.Command("hello"u8.ToArray()),
                _ => writer.Echo("hello"),
            },
            out var frame).Should().BeTrue();

        (Frame.ReadMessage(frame) is not null).Should().Be(kind == "message");
        (Frame.ReadCommand(frame) is not null).Should().Be(kind == "command");
        (Frame.ReadEcho(frame) is not null).Should().Be(kind == "echo");
    }

    [Fact]
    public void A_process_that_is_no_node_names_none()
    {
        Encoding.UTF8.GetString(new FrameWriter(node: null).Command("hello"u8.ToArray())).Should().Be("1 command\n\nhello");
        Encoding.UTF8.GetString(new FrameWriter(Node).Command("hello"u8.ToArray())).Should().Be("1 command\nnode 0198c7f2\n\nhello");
    }
}
