using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using Xunit.Abstractions;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Publishes numbered messages while everything breaks, and looks at what each client has handled.</summary>
/// <remarks>
/// <c>HUB_TORTURE_MESSAGES</c> is how many; <c>dotnet run build.cs test --long</c> sets it to 100,000. What broke, and what each client
/// last saw and did, is the output of a test that fails.
/// </remarks>
public sealed class TortureTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly int Messages =
        int.TryParse(Environment.GetEnvironmentVariable("HUB_TORTURE_MESSAGES"), out var messages) ? messages : 5_000;

    private static readonly string[] Users = ["a", "A", "ü:{x}*", "b/%2F"];
    private static readonly string[] Groups = ["room", "{room}:*"];

    private static readonly Address[] Addresses =
        [.. Users.Select(Address.User), .. Groups.Select(Address.Group), Address.Everyone];

    private Dice _dice = null!;

    public static TheoryData<int> Seeds => [.. TortureSeeds.All];

    [Theory]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task Nothing_is_lost_unannounced_or_handled_twice_or_out_of_order_or_by_another_user_while_everything_breaks(int seed)
    {
        output.WriteLine($"The same again: dotnet run build.cs test --seed {seed}");
        _dice = new Dice((ulong)seed);
        await using var world = await World.StartAsync();
        var load = new Load(world.Publisher, Addresses);
        try
        {
            await TortureAsync(world, load);
        }
        finally
        {
            world.Witnesses.ForEach(witness => output.WriteLine(witness.Story(address => load.LastOf(AddressOf(address)))));
        }
    }

    private async Task TortureAsync(World world, Load load)
    {
        foreach (var user in Users)
        {
            await world.AddClientAsync(user, Groups[0]);
            await world.AddClientAsync(user, Groups);
        }

        await world.AddScriptsAsync(Users[2], Groups[1]);

        await TortureAsync(world, load, StepsThatLoseNothing(world));
        world.Witnesses.SelectMany(witness => witness.Complaints()).Should().BeEmpty();
        world.Witnesses.SelectMany(witness => witness.Losses).Should().BeEmpty("until now everything could be recovered");

        await TortureAsync(world, load, [.. StepsThatLoseNothing(world), .. StepsThatLose(world, load)]);
        world.Witnesses.SelectMany(witness => witness.Complaints()).Should().BeEmpty();
        world.Witnesses.SelectMany(witness => witness.Losses).Should().NotBeEmpty("some of it was lost, and that was announced");
    }

    /// <summary>
    /// Takes every step once and again, in any order, until half of the messages are published; then lets everything come to rest.
    /// </summary>
    private async Task TortureAsync(World world, Load load, TortureStep[] steps)
    {
        using var enough = new CancellationTokenSource();
        var loading = load.RunAsync(enough.Token);
        var end = load.Count + (Messages / 2);
        do
        {
            _dice.Shuffle(steps);
            foreach (var step in steps)
            {
                output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {step.Name}, after {load.Count} messages");
                await step.TakeAsync();
            }
        }
        while (load.Count < end);

        await enough.CancelAsync();
        await loading;
        await Task.WhenAll(Addresses.Select(address => load.PublishAsync(address, 1)));
        await AllHaveSeenTheLastAsync(world, load);
    }

    private TortureStep[] StepsThatLoseNothing(World world) =>
    [
        new("cuts connections", () => CutAsync(world)),
        new("cuts connections", () => CutAsync(world)),
        new("replaces the first node", () => world.ReplaceNodeAsync(0)),
        new("replaces the second node", () => world.ReplaceNodeAsync(1)),
        new("restarts Redis", () => world.Redis.RestartAsync()),
        new("reloads the pages", () => world.ReloadPagesAsync()),
    ];

    private static TortureStep[] StepsThatLose(World world, Load load) =>
    [
        new("empties Redis", () => world.Redis.FlushAsync()),
        new("lets Redis fail over without its last writes", () => world.Redis.FailOverWithoutAsync(() => PublishToEachAsync(load))),
        new("trims the logs while all are away", () => world.WhileCutOffAsync(() => Task.WhenAll(Addresses.Select(address => TrimAsync(world, load, address))))),
    ];

    private static Task PublishToEachAsync(Load load) => Task.WhenAll(Addresses.Select(address => load.PublishAsync(address, 20)));

    /// <summary>Trims a log past the cursors of all who are away.</summary>
    private static async Task TrimAsync(World world, Load load, Address address)
    {
        await load.PublishAsync(address, 20);
        await world.Redis.TrimAsync(address.ToString(), 10);
    }

    private async Task CutAsync(World world)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var turn = 0; turn < 20; turn++)
        {
            await pace.WaitForNextTickAsync();
            world.Cut(_dice.Roll(1_000));
        }
    }

    private static async Task AllHaveSeenTheLastAsync(World world, Load load)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (Missing(world, load).FirstOrDefault() is { } missing)
        {
            timeout.IsCancellationRequested.Should().BeFalse("{0}", missing);
            await pace.WaitForNextTickAsync();
        }
    }

    private static Address AddressOf(string text) => Addresses.Single(address => address.ToString() == text);

    private static IEnumerable<string> Missing(World world, Load load) =>
        from witness in world.Witnesses
        from address in Addresses
        where witness.Addresses.Contains(address.ToString()) && !witness.HasSeen(address.ToString(), load.LastOf(address))
        select $"{witness.Name} has not yet seen the last of {address}";
}
