using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Publishes numbered messages while everything breaks, and looks at what each client has handled.</summary>
/// <remarks><c>HUB_TORTURE_MESSAGES</c> is how many; <c>dotnet run build.cs test --long</c> sets it to 100,000.</remarks>
public sealed class TortureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly int Messages =
        int.TryParse(Environment.GetEnvironmentVariable("HUB_TORTURE_MESSAGES"), out var messages) ? messages : 5_000;

    private static readonly string[] Users = ["a", "A", "ü:{x}*", "b/%2F"];
    private static readonly string[] Groups = ["room", "{room}:*"];

    private static readonly Address[] Addresses =
        [.. Users.Select(Address.User), .. Groups.Select(Address.Group), Address.Everyone];

    private readonly Dice _dice = new(seed: 20261124);

    [Fact]
    public async Task Nothing_is_lost_unannounced_or_handled_twice_or_out_of_order_or_by_another_user_while_everything_breaks()
    {
        await using var world = await World.StartAsync();
        foreach (var user in Users)
        {
            await world.AddClientAsync(user, Groups[0]);
            await world.AddClientAsync(user, Groups);
        }

        await world.AddScriptsAsync(Users[2], Groups[1]);

        var load = new Load(world.Publisher, Addresses);

        await TortureAsync(world, load, StepsThatLoseNothing(world));
        world.Witnesses.SelectMany(witness => witness.Complaints()).Should().BeEmpty();
        world.Witnesses.SelectMany(witness => witness.Losses).Should().BeEmpty("until now everything could be recovered");

        await TortureAsync(world, load, [.. StepsThatLoseNothing(world), .. StepsThatLose(world, load)]);
        world.Witnesses.SelectMany(witness => witness.Complaints()).Should().BeEmpty();
        world.Witnesses.SelectMany(witness => witness.Losses).Should().NotBeEmpty("some of it was lost, and that was announced");
    }

    /// <summary>Takes every step once and again, in any order, until half of the messages are published; then lets everything come to rest.</summary>
    private async Task TortureAsync(World world, Load load, Func<Task>[] steps)
    {
        using var enough = new CancellationTokenSource();
        var loading = load.RunAsync(enough.Token);
        var end = load.Count + (Messages / 2);
        do
        {
            _dice.Shuffle(steps);
            foreach (var step in steps)
            {
                await step();
            }
        }
        while (load.Count < end);

        await enough.CancelAsync();
        await loading;
        await Task.WhenAll(Addresses.Select(address => load.PublishAsync(address, 1)));
        await AllHaveSeenTheLastAsync(world, load);
    }

    private Func<Task>[] StepsThatLoseNothing(World world) =>
    [
        () => CutAsync(world),
        () => CutAsync(world),
        () => world.ReplaceNodeAsync(0),
        () => world.ReplaceNodeAsync(1),
        () => world.Redis.RestartAsync(),
        () => world.ReloadPagesAsync(),
    ];

    private static Func<Task>[] StepsThatLose(World world, Load load) =>
    [
        () => world.Redis.FlushAsync(),
        () => world.Redis.FailOverWithoutAsync(() => Task.WhenAll(Addresses.Select(address => load.PublishAsync(address, 20)))),
        () => world.WhileCutOffAsync(() => Task.WhenAll(Addresses.Select(address => TrimAsync(world, load, address)))),
    ];

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
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (Missing(world, load).FirstOrDefault() is { } missing)
        {
            patience.IsCancellationRequested.Should().BeFalse(missing);
            await pace.WaitForNextTickAsync();
        }
    }

    private static IEnumerable<string> Missing(World world, Load load) =>
        from witness in world.Witnesses
        from address in Addresses
        where witness.Addresses.Contains(address.ToString()) && !witness.HasSeen(address.ToString(), load.LastOf(address))
        select $"{witness.Name} has not yet seen the last of {address}";
}
