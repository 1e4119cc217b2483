namespace RealtimeHub.Connections;

internal enum NodeCommandKind
{
    Call,
    Join,
    Leave,
    Done,
}
