namespace RealtimeHub.Insight.Load;

/// <summary>What all nodes together had to do at one moment. What is counted is counted a second.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Nodes">How many nodes have answered.</param>
/// <param name="Connections">Connections that were open.</param>
/// <param name="Connects">Connections that were opened.</param>
/// <param name="Messages">Messages that were published.</param>
/// <param name="Deliveries">Messages that were handed to connections, once for each.</param>
/// <param name="Refusals">Requests that were turned away.</param>
/// <param name="Waiting">Bytes that waited for clients.</param>
/// <param name="Latency">The longest time of a message from one node to a client of another, in seconds; null if none is known.</param>
internal sealed record LoadSample(
    DateTimeOffset At, int Nodes, int Connections, double Connects, double Messages, double Deliveries, double Refusals, long Waiting,
    double? Latency);
