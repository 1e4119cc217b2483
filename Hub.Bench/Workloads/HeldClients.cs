using System.Globalization;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// The clients of a <see cref="Holder"/>, in the other process. It writes a number a line: how many are in; when the last of them got each
/// message; and what it is asked for, until its input ends.
/// </summary>
internal sealed class HeldClients(SystemUnderTest system, IDatabase redis, int first, int count)
{
    /// <summary>Asks how many have seen that their node is gone, once all have. What is published then they will miss.</summary>
    public const string Miss = "miss";

    /// <summary>
    /// Lets them come back to the nodes whose ports follow, and asks for three numbers: after how many microseconds 99 in a hundred had
    /// what they missed, -1 if they never did; how many did not get it; how many tokens it took.
    /// </summary>
    public const string Return = "return";

    private const int AtOnce = 64;
    private const double ArrivalsPerSecond = 3_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Ledger _ledger = new() { KeepsCursors = true };

    public async Task HoldAsync(int port)
    {
        var visitors = Enumerable.Range(first, count).Select(number => new Visitor($"user{number}", [])).ToList();
        var tokens = await system.MintAsync(redis, visitors);
        _ledger.Begin(messages: 1_000, audience: count);
        _ledger.DeliveredToAll = _ => Say(Clock.Now);
        await using var swarm = new Swarm(system, visitors, _ledger);
        await swarm.ConnectAsync(_ => port, tokens, AtOnce);
        Say(count);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await (line == Miss ? MissAsync(swarm) : ReturnAsync(swarm, [.. line.Split(' ')[1..].Select(int.Parse)]));
        }
    }

    private async Task MissAsync(Swarm swarm)
    {
        await swarm.ClosedAsync();
        swarm.ReplaceClosed();
        _ledger.DeliveredToAll = null;
        _ledger.Begin(count);
        Say(count);
    }

    private async Task ReturnAsync(Swarm swarm, int[] ports)
    {
        var (missed, start) = (new long[count], Clock.Now);
        _ledger.MoveDue(count, start);
        _ledger.Delivered = (client, _) => Interlocked.CompareExchange(ref missed[client.Index], Clock.MicrosecondsSince(start), 0);
        await swarm.ArriveAsync(redis, index => ports[index % ports.Length], ArrivalsPerSecond, _ => { });
        await _ledger.CompleteAsync(Deadline);
        var seconds = Statistics.SecondsUntil99Percent(missed);
        Say(double.IsNaN(seconds) ? -1 : (long)(seconds * 1e6));
        Say(_ledger.Lost);
        Say(count + swarm.Failures);
    }

    private static void Say(long number) => Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));
}
