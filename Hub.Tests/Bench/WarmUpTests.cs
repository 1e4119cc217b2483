using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Bench;

namespace RealtimeHub.Tests.Bench;

public sealed class WarmUpTests
{
    private static readonly TimeSpan OfOneWork = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private long? _compiled = 1_000;
    private int _works;

    [Fact]
    public async Task Work_is_repeated_until_no_more_than_a_few_methods_are_compiled_in_a_second()
    {
        (await WarmUpAsync(TimeSpan.FromMinutes(3), 3_000, 400, 51, 50)).Should().BeNull();

        _works.Should().Be(4);
    }

    [Fact]
    public async Task When_the_limit_is_over_it_says_how_many_methods_are_still_compiled_in_a_second()
    {
        (await WarmUpAsync(TimeSpan.FromSeconds(20), 3_000, 400, 51)).Should().Be(40);

        _works.Should().Be(2);
    }

    [Fact]
    public async Task A_compiler_that_comes_to_rest_with_the_limit_is_quiet() => (await WarmUpAsync(OfOneWork, 50)).Should().BeNull();

    [Fact]
    public async Task A_runtime_that_does_not_tell_works_once()
    {
        _compiled = null;

        (await WarmUpAsync(TimeSpan.FromMinutes(3), 1, 2)).Should().BeNull();

        _works.Should().Be(1);
    }

    private Task<double?> WarmUpAsync(TimeSpan limit, params int[] compiledByWork) => new WarmUp(_time, limit).RunAsync(
        () =>
        {
            _compiled += compiledByWork[_works++];
            _time.Advance(OfOneWork);
            return Task.CompletedTask;
        },
        () => Task.FromResult(_compiled));
}
