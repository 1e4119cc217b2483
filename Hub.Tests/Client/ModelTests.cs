namespace RealtimeHub.Tests.Client;

public sealed class ModelTests
{
    private const int Steps = 300;

    public static TheoryData<int> Hundreds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Hundreds))]
    public void Whatever_happens_nothing_is_missing_unannounced_and_nothing_comes_twice_or_out_of_order(int hundred)
    {
        foreach (var seed in Enumerable.Range(100 * hundred, 100))
        {
            var world = new ModelWorld((ulong)seed);
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
            }

            world.ComeToRest();

            world.Breaches().Should().BeEmpty("of seed {0}", seed);
        }
    }
}
