using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Nodes;

/// <summary>
/// What nodes ask each other, as it was recorded: who changes it breaks every upgrade that is under way. docs/protocol.md, "Between nodes".
/// </summary>
public sealed class NodeCommandTests
{
    private const string Call = """{"type":1,"target":"Receive","arguments":["line\n"]}""" + "\u001e";

    private const string Members = """[{"user":"alice","online":true,"connectionCount":1}]""";

    private const string Followed = """{"at":"2026-11-29T16:20:22.512+00:00","kind":"sent","text":"A message was sent.","node":"0193"}""";

    private static readonly Dictionary<string, NodeCommand> Recorded = new()
    {
        ["""{"kind":"callAddress","address":"user:alice","except":["c1","c2"]}""" + "\n" + Call] =
            new CallAddress(Address.User("alice"), ["c1", "c2"]) { Body = Bytes(Call) },
        ["""{"kind":"callConnections","connections":["c1","c2"]}""" + "\n" + Call] =
            new CallConnections(["c1", "c2"]) { Body = Bytes(Call) },
        ["""{"kind":"joinGroup","connection":"c1","group":"group:room","asker":"0193","requestId":"7"}""" + "\n"] =
            new JoinGroup("c1", Address.Group("room")) { Asker = "0193", RequestId = "7" },
        ["""{"kind":"leaveGroup","connection":"c1","group":"group:room","asker":"0193","requestId":"7"}""" + "\n"] =
            new LeaveGroup("c1", Address.Group("room")) { Asker = "0193", RequestId = "7" },
        ["""{"kind":"listMembers","group":"group:room","limit":3,"after":"alice","asker":"0193","requestId":"7"}""" + "\n"] =
            new ListMembers(Address.Group("room"), 3) { After = "alice", Asker = "0193", RequestId = "7" },
        ["""{"kind":"listMembers","group":"group:room","limit":3,"asker":"0193","requestId":"7"}""" + "\n"] =
            new ListMembers(Address.Group("room"), 3) { Asker = "0193", RequestId = "7" },
        ["""{"kind":"describeNode","asker":"0193","requestId":"7"}""" + "\n"] = new DescribeNode { Asker = "0193", RequestId = "7" },
        ["""{"kind":"drainNode","asker":"0193","requestId":"7"}""" + "\n"] = new DrainNode { Asker = "0193", RequestId = "7" },
        ["""{"kind":"applyGroups","user":"alice","asker":"0193","requestId":"7"}""" + "\n"] =
            new ApplyGroups("alice") { Asker = "0193", RequestId = "7" },
        ["""{"kind":"endConnections","code":"banned","mayComeBack":false,"connections":["c1"],"reason":"Spam.","asker":"0193","requestId":"7"}""" + "\n"] =
            new EndConnections(EndConnections.Banned, MayComeBack: false) { Connections = ["c1"], Reason = "Spam.", Asker = "0193", RequestId = "7" },
        ["""{"kind":"endConnections","code":"ended","mayComeBack":true,"label":"tenant:7","asker":"0193","requestId":"7"}""" + "\n"] =
            new EndConnections(EndConnections.Ended, MayComeBack: true) { Label = "tenant:7", Asker = "0193", RequestId = "7" },
        ["""{"kind":"renewConnections","connections":["c1"],"epoch":1796000000000,"withinSeconds":30,"asker":"0193","requestId":"7"}""" + "\n"] =
            new RenewConnections(["c1"], Epoch: 1_796_000_000_000, WithinSeconds: 30) { Asker = "0193", RequestId = "7" },
        ["""{"kind":"replaceConnections","connections":["c1","c2"]}""" + "\n"] = new ReplaceConnections(["c1", "c2"]),
        ["""{"kind":"evictConnections","connections":["c1","c2"]}""" + "\n"] = new EvictConnections(["c1", "c2"]),
        ["""{"kind":"explainMessage","user":"alice","address":"group:room","id":"7-1","asker":"0193","requestId":"7"}""" + "\n"] =
            new ExplainMessage("alice", Address.Group("room"), "7-1") { Asker = "0193", RequestId = "7" },
        ["""{"kind":"describeLoad","asker":"0193","requestId":"7"}""" + "\n"] = new DescribeLoad { Asker = "0193", RequestId = "7" },
        ["""{"kind":"followUser","user":"alice","asker":"0193","requestId":"7"}""" + "\n"] =
            new FollowUser("alice") { Asker = "0193", RequestId = "7" },
        ["""{"kind":"noteFollowed","user":"alice"}""" + "\n" + Followed] = new NoteFollowed("alice") { Body = Bytes(Followed) },
        ["""{"kind":"noteHandled","address":"user:alice","id":"7-1","holder":"Kq0wR5xLr1E"}""" + "\n"] =
            new NoteHandled(Address.User("alice"), "7-1", "Kq0wR5xLr1E"),
        ["""{"kind":"answer","requestId":"7"}""" + "\n" + Members] = new CommandAnswer("7") { Body = Bytes(Members) },
        ["""{"kind":"answer","requestId":"7"}""" + "\n"] = new CommandAnswer("7"),
        ["""{"kind":"answer","requestId":"7","mistake":"No."}""" + "\n"] = new CommandAnswer("7") { Mistake = "No." },
        ["""{"kind":"answer","requestId":"7","mistake":"Away.","code":"store_unavailable"}""" + "\n"] =
            new CommandAnswer("7") { Mistake = "Away.", Code = CommandAnswer.StoreUnavailable },
    };

    public static TheoryData<string> Commands => [.. Recorded.Keys];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_written_as_it_was_recorded(string recorded) => Text(Recorded[recorded].Write()).Should().Be(recorded);

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_was_recorded_is_read_as_it_was_meant(string recorded) => ShouldBeRead(recorded, Recorded[recorded]);

    [Fact]
    public void Each_kind_was_recorded() =>
        Recorded.Values.Select(command => command.GetType()).Distinct().Should().BeEquivalentTo(
            typeof(NodeCommand).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType));

    [Fact]
    public void Of_a_newer_node_s_command_what_is_known_is_read_wherever_it_stands() => ShouldBeRead(
        """{"priority":{"high":[1]},"requestId":"7","group":"group:room","since":null,"connection":"c1","kind":"joinGroup","asker":"0193"}""" + "\n",
        new JoinGroup("c1", Address.Group("room")) { Asker = "0193", RequestId = "7" });

    [Theory]
    [InlineData("""{"kind":"summonUser","user":"alice"}""", "summonUser")]
    [InlineData("""{"user":"alice","kind":"summonUser"}""", "summonUser")]
    [InlineData("""{"kind":7}""", "7")]
    [InlineData("""{"user":"alice"}""", "none")]
    [InlineData("null", "none")]
    [InlineData("""{"kind":["answer"]}""", "unreadable")]
    [InlineData("""{"kind":"answer"}""", "unreadable")]
    [InlineData("""{"kind":"answer","requestId":null}""", "unreadable")]
    [InlineData("""{"kind":"joinGroup","connection":"c1","group":"group:room"}""", "unreadable")]
    [InlineData("user:alice", "unreadable")]
    [InlineData("", "unreadable")]
    public void What_is_not_known_or_cannot_be_read_is_an_unknown_command(string text, string kind)
    {
        NodeCommand.Read(Bytes(text)).Should().Be(new UnknownCommand(kind));
        NodeCommand.Read(Bytes(text + "\n" + Call)).Should().Be(new UnknownCommand(kind));
    }

    [Theory]
    [InlineData("""{"kind":"summonUser","user":"alice","asker":"0193","requestId":"7"}""", "summonUser")]
    [InlineData("""{"requestId":"7","asker":"0193"}""", "none")]
    [InlineData("""{"kind":"joinGroup","connection":"c1","group":"room","asker":"0193","requestId":"7"}""", "unreadable")]
    public void What_is_not_known_and_waited_for_is_an_unknown_request(string text, string kind) =>
        NodeCommand.Read(Bytes(text + "\n" + Call)).Should().Be(new UnknownRequest(kind) { Asker = "0193", RequestId = "7" });

    [Fact]
    public void What_stands_behind_the_line_is_not_copied()
    {
        var bytes = Bytes("""{"kind":"callConnections","connections":[]}""" + "\n" + Call);

        NodeCommand.Read(bytes).Body.Should().Be(bytes.AsMemory()[^Call.Length..]);
    }

    private static void ShouldBeRead(string text, NodeCommand meant)
    {
        var read = NodeCommand.Read(Bytes(text));

        read.Should().BeOfType(meant.GetType());
        Text(read.Write()).Should().Be(Text(meant.Write()));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
