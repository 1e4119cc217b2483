using RealtimeHub.Control;
using RealtimeHub.Nodes;
using RealtimeHub.Operations;
using RealtimeHub.Presence;
using RealtimeHub.Receipts;

namespace RealtimeHub.Connections;

/// <summary>Hands each command that comes from another node to whom it is for.</summary>
internal sealed partial class CommandDispatcher(
    RemoteCalls calls, RemoteGroups groups, GroupMembers members, NodeOverview nodes, ConnectionDrain drain,
    ConnectionEnder ender, ConnectionReplacer replacer, ConnectionRenewer renewer,
    LastingMembership lasting, HandledMessages handled, MessageFindings findings, Following following, LoadMeter load,
    NodeRequests requests, LogSummary summary, ILogger<CommandDispatcher> logger)
{
    private const int LongestKind = 64;

    public void Dispatch(ReadOnlyMemory<byte> bytes)
    {
        switch (NodeCommand.Read(bytes))
        {
            case CallAddress call: calls.Handle(call); break;
            case CallConnections call: calls.Handle(call); break;
            case JoinGroup join: _ = groups.HandleAsync(join); break;
            case LeaveGroup leave: _ = groups.HandleAsync(leave); break;
            case ListMembers asked: _ = members.HandleAsync(asked); break;
            case DescribeNode asked: _ = nodes.HandleAsync(asked); break;
            case DrainNode asked: _ = drain.HandleAsync(asked); break;
            case EndConnections asked: _ = ender.HandleAsync(asked); break;
            case ReplaceConnections told: _ = replacer.HandleAsync(told); break;
            case EvictConnections told: ender.Handle(told); break;
            case RenewConnections asked: _ = renewer.HandleAsync(asked); break;
            case ApplyGroups asked: _ = lasting.HandleAsync(asked); break;
            case ExplainMessage asked: _ = findings.HandleAsync(asked); break;
            case DescribeLoad asked: _ = load.HandleAsync(asked); break;
            case FollowUser asked: _ = following.HandleAsync(asked); break;
            case NoteFollowed told: following.Handle(told); break;
            case NoteHandled told: handled.Handle(told); break;
            case CommandAnswer answer: requests.Take(answer); break;
            case UnknownCommand unknown: Skip(unknown.Kind); break;
            case UnknownRequest unknown: _ = requests.RefuseAsync(unknown, Skip(unknown.Kind)); break;
            case var forgotten: throw new NotSupportedException($"No case for the command {forgotten.GetType().Name}: add it here.");
        }
    }

    /// <returns>The kind as it may be shown.</returns>
    private string Skip(string kind)
    {
        var printable = Printable.Text(kind, LongestKind);
        summary.Report(nameof(Log.CommandSkipped), printable, (count, kinds) => Log.CommandSkipped(logger, count, kinds));
        return printable;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Skipped {Count} commands from other nodes, of kinds that this node does not know: {Kinds}. Does a newer node run beside it?", EventName = "CommandSkipped")]
        public static partial void CommandSkipped(ILogger logger, long count, string kinds);
    }
}
