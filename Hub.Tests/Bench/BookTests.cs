using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class BookTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly Book _book = new();

    [Fact]
    public void What_was_measured_is_read_as_it_was_written()
    {
        _book.Add(new("Connect, Redis +2 ms", "until 99 % \"are back\"", "s", "RealtimeHub, embedded", 2, 0.1234));
        _book.Add(new("Everyone", "lost", "", "Socket.IO", 1, 0));
        _book.Add(new("Everyone", "rate", "µs", "Floor", 1, double.NaN));
        _book.Remarks.Add("Tornado is left out: there is no python3 on the PATH.");
        _book.Write(_file);

        Book.Read(_file).Should().BeEquivalentTo(_book);
    }

    [Theory]
    [InlineData("Connect,rate,/s,Floor,1")]
    [InlineData("Connect,rate,/s,Floor,1,2,3")]
    [InlineData("Connect,rate,/s,Floor,first,2")]
    [InlineData("Connect,rate,/s,Floor,1,\"2")]
    [InlineData("Connect,rate,/s,Floor,1,fast")]
    [InlineData("")]
    public void A_line_that_is_none_of_ours_is_named(string line)
    {
        _book.Write(_file);
        File.AppendAllLines(_file, [line]);

        FluentActions.Invoking(() => Book.Read(_file)).Should().Throw<FormatException>().WithMessage($"{_file}: '{line}' *");
    }

    [Fact]
    public void What_is_measured_anew_takes_the_place_of_what_there_was()
    {
        Add("Floor", 1);
        var others = new Measurement("Everyone", "rate", "/s", "Floor", 1, 2);
        _book.Add(others);
        var anew = new Measurement("Connect", "rate", "/s", "Floor", 1, 3);

        _book.Replace("Connect", [anew]);

        _book.Measurements.Should().Equal(others, anew);
    }

    [Fact]
    public void The_median_is_that_of_the_rounds_of_one_system()
    {
        Add("Floor", 10, 30, 20);
        Add("SignalR", 1);

        _book.Median(new("Connect", "rate", "Floor")).Should().Be(20);
        _book.Median(new("Connect", "rate", "Tornado")).Should().BeNull();
    }

    [Fact]
    public void A_ratio_is_taken_in_each_round_and_not_of_medians()
    {
        Add("Floor", 1, 100, 30);
        Add("SignalR", 1, 10, 10);

        Ratio("Floor", "SignalR").Should().BeApproximately(Math.Cbrt(1 * 10 * 3), 1e-9);
    }

    [Fact]
    public void A_round_that_only_one_of_them_has_is_in_no_ratio()
    {
        Add("Floor", 8, 1_000, 1_000);
        Add("SignalR", 2);

        Ratio("Floor", "SignalR").Should().BeApproximately(4, 1e-9);
        Ratio("Floor", "Tornado").Should().BeNull();
    }

    public void Dispose() => File.Delete(_file);

    private double? Ratio(string of, string to) => _book.Ratio(new("Connect", "rate", of), new("Connect", "rate", to))?.Value;

    private void Add(string system, params double[] rounds)
    {
        foreach (var (round, value) in rounds.Index())
        {
            _book.Add(new("Connect", "rate", "/s", system, round + 1, value));
        }
    }
}
