using System.CommandLine;
using RealtimeHub.Bench.Micro;
using RealtimeHub.Bench.Peers;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>
/// The commands: measure, the whole and the hot paths; show what was measured; and what the bench starts of itself as other processes.
/// </summary>
internal static class BenchCommandLine
{
    public static Task<int> RunAsync(string[] arguments) => HelpPage.AddTo(new RootCommand("Measures RealtimeHub beside its peers.")
    {
        Run(),
        Micro(),
        Show(),
        FillPage(),
        Serve(),
        Hold(),
    }).Parse(arguments).InvokeAsync();

    private static Command Run()
    {
        var quick = new Option<bool>("--quick") { Description = "Less of everything: under three minutes on two cores" };
        var stages = new Option<string[]>("--stages") { Description = $"Only these: {string.Join(", ", Stages.All.Select(stage => stage.Name))}", AllowMultipleArgumentsPerToken = true };
        var systems = new Option<string[]>("--systems") { Description = $"Only these: {string.Join(", ", Lineup.All.Select(system => $"\"{system}\""))}", AllowMultipleArgumentsPerToken = true };
        var workloads = new Option<string[]>("--workloads") { Description = "Only those whose names begin like this, such as \"Send\"", AllowMultipleArgumentsPerToken = true };
        var rounds = new Option<int?>("--rounds") { Description = "So many rounds, however sure the ratios are" };
        var csv = new Option<string?>("--csv") { Description = "Where the raw numbers go: artifacts/bench.csv of the checkout by default" };
        (stages.HelpName, systems.HelpName, workloads.HelpName, rounds.HelpName, csv.HelpName) = ("stage", "system", "beginning", "count", "file");
        stages.AcceptOnlyFromAmong([.. Stages.All.Select(stage => stage.Name)]);
        systems.AcceptOnlyFromAmong([.. Lineup.All.Select(system => system.Name)]);
        var command = new Command("run", "Starts every system and measures them in turns") { quick, stages, systems, workloads, rounds, csv };
        command.SetAction((parsed, _) => RunAsync(
            With(parsed.GetValue(quick) ? Sizes.Quick : new Sizes(), parsed.GetValue(rounds)),
            [.. Chosen(Stages.All, parsed.GetValue(stages), stage => stage.Name)
                .Select(stage => stage.Only(parsed.GetValue(workloads) ?? []))],
            Chosen(Lineup.All, parsed.GetValue(systems), system => system.Name),
            parsed.GetValue(csv) ?? Checkout.Path("artifacts", "bench.csv")));
        return command;
    }

    private static async Task<int> RunAsync(Sizes sizes, List<Stage> stages, List<SystemUnderTest> systems, string csv)
    {
        var run = new BenchRun(sizes, systems, csv);
        try
        {
            await run.RunAsync(stages);
            return 0;
        }
        catch (Exception failure) when (failure is InvalidOperationException or TimeoutException or IOException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        finally
        {
            // What was measured before something failed is worth keeping.
            run.Book.Write(csv);
            RatioFile.Write(run.Book, csv);
            Console.WriteLine(Page.Render(run.Book));
            Console.WriteLine($"Every number of every round: {csv}; ratios: {RatioFile.PathBeside(csv)}");
        }
    }

    private static Command Micro()
    {
        var filter = new Option<string[]>(
            "--filter")
        { Description = "Only those whose names match, such as \"*Spend*\"", HelpName = "glob", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["*"] };
        var dry = new Option<bool>("--dry") { Description = "Each once, only to see that it runs" };
        var csv = new Option<string?>("--csv") { Description = "A file that run has written, which their numbers are added to", HelpName = "file" };
        var command = new Command("micro", "Measures the hot paths by themselves, with what they allocate. The reports go to artifacts/micro of the checkout") { filter, dry, csv };
        command.SetAction(parsed => MicroRun.Run(parsed.GetRequiredValue(filter), parsed.GetValue(dry), parsed.GetValue(csv)) ? 0 : 1);
        return command;
    }

    private static Command Show()
    {
        var file = new Argument<string>("csv") { Description = "A file that run has written" };
        var command = new Command("show", "Prints the tables of a file of measurements") { file };
        command.SetAction(parsed => Console.WriteLine(Page.Render(Book.Read(parsed.GetRequiredValue(file)))));
        return command;
    }

    private static Command FillPage()
    {
        var csv = new Argument<string>("csv") { Description = "A file that run has written" };
        var page = new Argument<string>("page") { Description = "A page in Markdown with regions for the tables, such as docs/benchmarks.md" };
        var command = new Command("page", "Fills in the tables of a page") { csv, page };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(page);
            File.WriteAllText(path, Regions.Fill(File.ReadAllText(path), Book.Read(parsed.GetRequiredValue(csv))));
        });
        return command;
    }

    private static Command Serve()
    {
        var (peer, port, redis) = (new Argument<string>("peer"), new Option<int>("--port"), new Option<string>("--redis") { Required = true });
        peer.AcceptOnlyFromAmong(SignalRPeer.Command, EmbeddedHub.Command, FloorPeer.Command, WebAppPeer.Command);
        var command = new Command("serve", "Is one of the .NET servers that are measured") { peer, port, redis };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => Build(parsed.GetRequiredValue(peer), parsed.GetValue(port), parsed.GetRequiredValue(redis))
            .RunAsync(cancel));
        return command;
    }

    private static WebApplication Build(string peer, int port, string redis) => peer switch
    {
        SignalRPeer.Command => SignalRPeer.Build(port, redis),
        EmbeddedHub.Command => EmbeddedHub.Build(port, redis),
        WebAppPeer.Command => WebAppPeer.Build(port, redis),
        _ => FloorPeer.Build(port, redis),
    };

    private static Command Hold()
    {
        var system = new Argument<string>("system");
        system.AcceptOnlyFromAmong([.. Lineup.All.Select(one => one.Name)]);
        var (port, redis, first, count) =
            (new Option<int>("--port"), new Option<string>("--redis") { Required = true }, new Option<int>("--first"), new Option<int>("--count"));
        var command = new Command(Holder.Command, "Holds clients of one node until its input ends") { system, port, redis, first, count };
        command.Hidden = true;
        command.SetAction((parsed, _) => Holder.HoldAsync(
            Lineup.All.Single(one => one.Name == parsed.GetRequiredValue(system)),
                parsed.GetValue(port), parsed.GetRequiredValue(redis), parsed.GetValue(first), parsed.GetValue(count)));
        return command;
    }

    private static Sizes With(Sizes sizes, int? rounds) =>
        rounds is { } some ? sizes with { Rounds = some, FreshRounds = some, MostRounds = some } : sizes;

    private static List<T> Chosen<T>(IReadOnlyList<T> all, string[]? names, Func<T, string> nameOf) =>
        [.. all.Where(one => names is not { Length: > 0 } || names.Contains(nameOf(one)))];
}
