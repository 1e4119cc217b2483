using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Bench.Load;
using RealtimeHub.Delivery;
using RealtimeHub.Resuming;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Bench;

/// <summary>What the bench counts.</summary>
public sealed class LedgerTests
{
    private static readonly Address User = Address.User("user0");

    private readonly Ledger _ledger = new() { KeepsCursors = true };
    private readonly LoadClient _client;

    public LedgerTests() => _client = Client(0);

    [Fact]
    public async Task All_is_complete_when_each_of_the_audience_has_each_message()
    {
        _ledger.Begin(messages: 2, audience: 2);

        Take(0, 0, 1);
        (await _ledger.CompleteAsync(TimeSpan.Zero)).Should().BeFalse();
        Take(1);

        (await _ledger.CompleteAsync(TimeSpan.Zero)).Should().BeTrue();
        _ledger.Should().BeEquivalentTo(new { Deliveries = 4, Lost = 0, Duplicates = 0 });
    }

    [Fact]
    public void Who_is_last_of_an_audience_is_told_of_once_and_measured()
    {
        var last = new List<int>();
        _ledger.DeliveredToAll = last.Add;
        _ledger.Begin(messages: 2, audience: 3);

        Take(1, 0, 1, 1, 1);

        last.Should().Equal(1);
        _ledger.Last.TotalCount.Should().Be(1);
        _ledger.Latencies.TotalCount.Should().Be(5);
    }

    [Fact]
    public void What_did_not_reach_all_is_lost_and_what_came_once_more_is_twice()
    {
        _ledger.Begin(messages: 4);

        Take(0, 2, 2);

        _ledger.Should().BeEquivalentTo(new { Lost = 2, Duplicates = 1 });
    }

    [Fact]
    public async Task What_never_came_counts_with_the_time_that_it_was_waited_for()
    {
        _ledger.Begin(messages: 2, audience: 3);
        _ledger.Due(0, Clock.Now - Clock.Ticks(TimeSpan.FromSeconds(3)));

        Take(0);
        await _ledger.CompleteAsync(TimeSpan.Zero);

        _ledger.Latencies.TotalCount.Should().Be(3, "the second message was never due");
        _ledger.Latencies.GetValueAtPercentile(50).Should().BeGreaterThanOrEqualTo(2_990_000);
        _ledger.Last.TotalCount.Should().Be(1);
    }

    [Fact]
    public void What_is_none_of_its_messages_is_passed_over()
    {
        _ledger.Begin(messages: 1);

        Take(7);
        _ledger.Take(_client, "hello"u8);

        _ledger.Should().BeEquivalentTo(new { Deliveries = 0, Lost = 1 });
    }

    [Fact]
    public void A_new_beginning_forgets_all()
    {
        _ledger.Begin(messages: 1);
        Take(0, 0);

        _ledger.Begin(messages: 1);

        _ledger.Should().BeEquivalentTo(new { Deliveries = 0, Lost = 1, Duplicates = 0 });
        _ledger.Latencies.TotalCount.Should().Be(0);
    }

    [Fact]
    public void A_latency_runs_from_when_the_message_was_due()
    {
        _ledger.Begin(messages: 1);
        _ledger.Due(0, Clock.Now - Clock.Ticks(TimeSpan.FromSeconds(10)));

        Take(0);

        _ledger.Latencies.GetValueAtPercentile(50).Should().BeInRange(9_900_000, 120_000_000);
    }

    [Fact]
    public void One_of_several_attempts_is_enough()
    {
        _ledger.Begin(messages: 9);

        Take(7);

        _ledger.IsAnyDelivered(1, step: 3).Should().BeTrue();
        _ledger.IsAnyDelivered(0, step: 3).Should().BeFalse();
    }

    [Fact]
    public void A_live_message_of_the_user_moves_the_cursor_and_one_of_everyone_does_not()
    {
        _ledger.Begin(messages: 2);

        _ledger.Take(_client, Live(User, new Cursor(5, 77), number: 0));
        _ledger.Take(_client, Live(Address.Everyone, new Cursor(9, 99), number: 1));

        _client.Cursor.Should().Be("5-77");
        _ledger.Lost.Should().Be(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_answer_of_a_resume_moves_the_cursor_wherever_the_user_stands_in_it(bool everyoneFirst)
    {
        var everyone = (Address.Everyone, new ResumedAddress(Recovered: true, "9-99", [Logged(Address.Everyone, number: 2)]));
        var own = (User, new ResumedAddress(Recovered: true, "6-66", [Logged(User, number: 0), Logged(User, number: 1)]));
        _ledger.Begin(messages: 3);

        _ledger.TakeAll(_client, everyoneFirst ? Answer(everyone, own) : Answer(own, everyone));

        _client.Cursor.Should().Be("6-66");
        _ledger.Should().BeEquivalentTo(new { Deliveries = 3, Lost = 0, Unrecovered = 0 });
    }

    [Fact]
    public void An_answer_without_the_user_leaves_the_cursor()
    {
        _client.Cursor = "3-33";

        _ledger.TakeAll(_client, Answer((Address.Everyone, new ResumedAddress(Recovered: true, "9-99", []))));

        _client.Cursor.Should().Be("3-33");
    }

    [Fact]
    public void A_client_that_is_told_of_a_loss_is_counted()
    {
        _ledger.TakeAll(_client, Answer((User, new ResumedAddress(Recovered: false, "6-66", []))));

        _ledger.Unrecovered.Should().Be(1);
    }

    private LoadClient Client(int index) => new($"user{index}", index, new BareDialect(), _ledger);

    private void Take(params int[] numbers) =>
        Array.ForEach(numbers, number => _ledger.Take(_client, Encoding.UTF8.GetBytes($$$"""{"payload":{"n":{{{number}}}}}""")));

    private static ReadOnlySpan<byte> Live(Address address, Cursor id, int number) =>
        Outgoing.Receive([Routed(address, id, number)]).Message.GetSerializedMessage(new JsonHubProtocol()).Span;

    private static LoggedMessage Logged(Address address, int number) => new(Routed(address, new Cursor(1, 1), number));

    private static RoutedMessage Routed(Address address, Cursor id, int number) =>
        new(address, id, After: new Cursor(4, 4), Encoding.UTF8.GetBytes($$$""""address":"{{{address}}}","type":"bench","payload":{"n":{{{number}}}}}""""));

    private static byte[] Answer(params (Address Address, ResumedAddress Resumed)[] addresses) => JsonSerializer.SerializeToUtf8Bytes(
        new ResumeAnswer(
            addresses.ToDictionary(one => one.Address.ToString(), one => one.Resumed), [], More: false), JsonSerializerOptions.Web);
}
