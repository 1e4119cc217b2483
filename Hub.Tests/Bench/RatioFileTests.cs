using RealtimeHub.Bench;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Tests.Bench;

public sealed class RatioFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-ratios-");

    private string Csv => Path.Combine(_folder.FullName, "bench.csv");

    [Fact]
    public void Each_ratio_to_stock_and_each_of_a_goal_stands_in_it_with_its_interval()
    {
        var book = new Book();
        Array.ForEach([1, 2], round =>
        {
            book.Add(new(Stages.Connect, "connects", "/s", "RealtimeHub", round, 50));
            book.Add(new(Stages.Connect, "connects", "/s", "SignalR", round, 100));
            book.Add(new(Stages.SendBatch, SendWorkload.CpuMetric, "µs", "RealtimeHub", round, 30));
            book.Add(new(Stages.Send, SendWorkload.CpuMetric, "µs", "SignalR", round, 100));
        });
        book.Add(new(Stages.Everyone, "lost", "", "RealtimeHub", 1, 0));
        book.Add(new(Stages.Everyone, "lost", "", "SignalR", 1, 5));

        RatioFile.Write(book, Csv);

        File.ReadAllLines(Path.Combine(_folder.FullName, "bench.ratios.csv")).Should().Equal(
            "workload,metric,system,beside workload,beside metric,beside system,ratio,low,high",
            "Connect,connects,RealtimeHub,Connect,connects,SignalR,0.5,0.5,0.5",
            "Everyone,lost,RealtimeHub,Everyone,lost,SignalR,0,,",
            "Send to users over HTTP in batches of 100,server CPU a message,RealtimeHub,Send to a user over HTTP,server CPU a message,SignalR,0.3,0.3,0.3");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
