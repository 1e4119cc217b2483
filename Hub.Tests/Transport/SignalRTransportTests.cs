namespace RealtimeHub.Tests.Transport;

public sealed class SignalRTransportTests() : TransportContract(isOwn: false);
