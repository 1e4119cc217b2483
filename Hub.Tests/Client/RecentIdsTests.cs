using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class RecentIdsTests
{
    private readonly RecentIds _recent = new();

    [Fact]
    public void The_last_256_ids_are_known_and_no_others()
    {
        for (var number = 0; number <= 256; number++)
        {
            _recent.Add($"1-{number}");
        }

        _recent.Contains("1-0").Should().BeFalse();
        Enumerable.Range(1, 256).Should().OnlyContain(number => _recent.Contains($"1-{number}"));
    }

    [Fact]
    public void An_id_that_comes_again_drives_no_other_out()
    {
        _recent.Add("1-0");
        for (var again = 0; again < 300; again++)
        {
            _recent.Add("1-1");
        }

        _recent.Contains("1-0").Should().BeTrue();
    }
}
