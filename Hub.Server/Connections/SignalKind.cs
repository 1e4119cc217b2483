namespace RealtimeHub.Connections;

internal enum SignalKind
{
    Call,
    Join,
    Leave,
    Done,
}
