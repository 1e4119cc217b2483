using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// A backend sends to one of many users over HTTP: as fast as sixteen calls in flight go, and then at a fixed rate, for latency.
/// </summary>
internal sealed class SendWorkload(string name, SendKind kind, Sizes sizes) : SendingWorkload(name)
{
    public const string CpuMetric = "server CPU a message";
    public const string RedisMetric = "Redis CPU a message";

    /// <summary>Where the same clients tell nothing.</summary>
    public const string CpuWithoutReceipts = "server CPU a message, to clients that tell nothing";

    /// <summary>Messages in a request of a batch.</summary>
    public const int BatchSize = 100;

    private const string PerMessage = "a message";
    private const string WithoutReceipts = "a message, to clients that tell nothing";

    /// <summary>So many times as many messages are sent where clients tell receipts once a second.</summary>
    private const int TimesLonger = 4;

    private const int InFlight = 16;

    // Enough that a backend never waits for a connection.
    private const int InFlightAtRate = 64;

    /// <summary>Long enough for the last receipt.</summary>
    private static readonly TimeSpan UntilTold = TimeSpan.FromSeconds(1.5);

    public override string Measures => CpuMetric;

    /// <summary>Whether the clients tell what they have handled.</summary>
    public bool HasReceipts { get; init; }

    public override bool Fits(SystemUnderTest system) =>
        kind == SendKind.Ordinary && !HasReceipts ? base.Fits(system) : system is PushHubSystem;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger { KeepsCursors = HasReceipts };
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Users), ledger);
        await ConnectAsync(swarm, cluster, InFlightAtRate);
        if (HasReceipts)
        {
            await CompareAsync(cluster, ledger, swarm, record);
        }
        else
        {
            await RunFastAsync(cluster, ledger, record);
        }

        if (kind != SendKind.Batch)
        {
            await RunAtRateAsync(cluster, ledger, record);
        }
    }

    /// <summary>
    /// What a message costs while messages are sent for some seconds, and until all that there is to tell of them is told. Turn and turn
    /// about, once it has been done for nothing: what the server has become meanwhile hits both alike.
    /// </summary>
    private async Task CompareAsync(Cluster cluster, Ledger ledger, Swarm swarm, Recorder record)
    {
        await CostAsync(cluster, ledger);
        var (silent, telling) = (new List<(double, double)>(), new List<(double, double)>());
        foreach (var tells in (bool[])[false, true, true, false])
        {
            swarm.TellsReceipts = tells;
            (tells ? telling : silent).Add(await CostAsync(cluster, ledger));
        }

        Cost.Record(record, WithoutReceipts, silent.Count * TimesLonger * sizes.Messages, silent);
        Cost.Record(record, PerMessage, telling.Count * TimesLonger * sizes.Messages, telling);
    }

    private async Task<(double Server, double Redis)> CostAsync(Cluster cluster, Ledger ledger)
    {
        await cluster.QuietAsync();
        var cost = new Cost(cluster);
        for (var time = 0; time < TimesLonger; time++)
        {
            await SendAllAsync(cluster, ledger);
        }

        await Task.Delay(UntilTold, TimeProvider.System);
        return await cost.TakeAsync();
    }

    private async Task RunFastAsync(Cluster cluster, Ledger ledger, Recorder record)
    {
        await cluster.QuietAsync();
        var cost = new Cost(cluster);
        var start = Clock.Now;
        await SendAllAsync(cluster, ledger);
        record.Add("messages", "/s", sizes.Messages / (Clock.MicrosecondsSince(start) / 1e6));
        record.Add("lost", "", ledger.Lost);
        await cost.RecordAsync(record, PerMessage, sizes.Messages);
    }

    private async Task SendAllAsync(Cluster cluster, Ledger ledger)
    {
        await using var backend = await Backend.OpenAsync(PublishingPorts(cluster), InFlight);
        ledger.Begin(sizes.Messages);
        var start = Clock.Now;
        foreach (var numbers in Enumerable.Range(0, sizes.Messages).Chunk(kind == SendKind.Batch ? BatchSize : 1))
        {
            Array.ForEach(numbers, number => ledger.Due(number, start));
            backend.Post(RequestOf(numbers));
        }

        await backend.FinishAsync();
        await ledger.CompleteAsync(sizes.Deadline);
    }

    private async Task RunAtRateAsync(Cluster cluster, Ledger ledger, Recorder record)
    {
        await using var backend = await Backend.OpenAsync(PublishingPorts(cluster), InFlightAtRate);
        ledger.Begin(sizes.Messages);
        await Metronome.RunAsync(sizes.MessagesPerSecond, sizes.Messages, (number, due) =>
        {
            ledger.Due(number, due);
            backend.Post(RequestOf([number]));
        });
        await backend.FinishAsync();
        await ledger.CompleteAsync(sizes.Deadline);
        record.AddPercentiles(FormattableString.Invariant($"due to received at {sizes.MessagesPerSecond}/s"), ledger.Latencies, 50, 99, 99.9);
    }

    private byte[] RequestOf(int[] numbers) => kind == SendKind.Batch
        ? Requests.Batch(numbers.Select(number => (UserOf(number), number)))
        : Requests.ToUser(UserOf(numbers[0]), numbers[0], transient: kind == SendKind.Transient);

    private string UserOf(int number) => $"user{number % sizes.Users}";
}
