namespace RealtimeHub.Nodes;

internal enum NodeCommandKind
{
    Call,
    Join,
    Leave,
    Done,
}
