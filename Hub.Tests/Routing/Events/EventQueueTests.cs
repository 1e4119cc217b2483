using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Tests.Routing.Events;

/// <summary>What waits to be sent, and who may send it.</summary>
public abstract class EventQueueTests(RoutingMode mode) : RouterTests(mode)
{
    private protected static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private protected IEventQueue Queue => Node.Services.GetRequiredService<IEventQueue>();

    [Fact]
    public async Task The_events_of_a_user_wait_in_the_order_in_which_they_were_added()
    {
        await Queue.AddAsync(Alice, [Event("1"), Event("2")]);
        await Queue.AddAsync(Alice, [Event("3")]);
        await Queue.AddAsync(Bob, [Event("b")]);

        (await WaitingAsync(Alice)).Should().Equal("1", "2", "3");
        (await Queue.ReadAsync(Alice, most: 2)).Select(TextOf).Should().Equal("1", "2");
        (await WaitingAsync(Bob)).Should().Equal("b");
    }

    [Fact]
    public async Task An_event_is_read_as_it_was_added()
    {
        var told = new HubEvent("7", "connection.ended", DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123), """{"a":"ä\n\n"}"""u8.ToArray());
        await Queue.AddAsync(Alice, [told]);

        var read = (await Queue.ReadAsync(Alice, 1)).Single().Event!;

        (read.Id, read.Type, read.Time).Should().Be((told.Id, told.Type, told.Time));
        read.Data.ToArray().Should().Equal(told.Data.ToArray());
    }

    [Fact]
    public async Task Who_is_leased_is_nobody_else_s_before_the_lease_ends()
    {
        await Queue.AddAsync(Alice, [Event("1")]);

        (await LeasedAsync()).Should().Equal(Alice);
        (await LeasedAsync()).Should().BeEmpty();
        await Queue.AddAsync(Alice, [Event("2")]);
        (await LeasedAsync()).Should().BeEmpty();

        await AdvanceAsync(Lease + TimeSpan.FromSeconds(1));
        (await LeasedAsync()).Should().Equal(Alice);
    }

    [Fact]
    public async Task As_many_are_leased_as_are_asked_for_and_first_those_whose_turn_has_come_first()
    {
        await Queue.AddAsync(Alice, [Event("1")]);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await Queue.AddAsync(Bob, [Event("2")]);

        (await Queue.LeaseAsync(1, Lease)).Select(lease => lease.User).Should().Equal(Alice);
        (await Queue.LeaseAsync(9, Lease)).Select(lease => lease.User).Should().Equal(Bob);
    }

    [Fact]
    public async Task What_was_sent_is_out_and_to_take_it_out_twice_takes_out_no_other()
    {
        await Queue.AddAsync(Alice, [Event("1"), Event("2"), Event("3")]);
        var places = (await Queue.ReadAsync(Alice, 9)).Select(waiting => waiting.Place).ToList();

        await Queue.RemoveAsync(Alice, places[0]);
        await Queue.RemoveAsync(Alice, places[0]);

        (await WaitingAsync(Alice)).Should().Equal("2", "3");
        await Queue.RemoveAsync(Bob, places[1]);
        (await WaitingAsync(Alice)).Should().Equal("2", "3");
    }

    [Fact]
    public async Task Of_whom_nothing_waits_any_more_it_is_nobody_s_turn_until_something_is_added()
    {
        await Queue.AddAsync(Alice, [Event("1")]);
        var lease = (await Queue.LeaseAsync(9, Lease)).Single();
        await Queue.RemoveAsync(Alice, (await Queue.ReadAsync(Alice, 9)).Single().Place);

        await Queue.ReleaseAsync(lease, TimeSpan.Zero);
        (await LeasedAsync()).Should().BeEmpty();

        await Queue.AddAsync(Alice, [Event("2")]);
        (await LeasedAsync()).Should().Equal(Alice);
        (await WaitingAsync(Alice)).Should().Equal("2");
    }

    [Fact]
    public async Task Who_is_released_with_something_left_has_his_next_turn_after_the_wait()
    {
        await Queue.AddAsync(Alice, [Event("1")]);
        await Queue.ReleaseAsync((await Queue.LeaseAsync(9, Lease)).Single(), TimeSpan.FromSeconds(10));

        (await LeasedAsync()).Should().BeEmpty();
        await AdvanceAsync(TimeSpan.FromSeconds(11));
        (await LeasedAsync()).Should().Equal(Alice);
    }

    [Fact]
    public async Task A_lease_that_is_over_can_not_end_the_next_one()
    {
        await Queue.AddAsync(Alice, [Event("1")]);
        var over = (await Queue.LeaseAsync(9, Lease)).Single();
        await AdvanceAsync(Lease + TimeSpan.FromSeconds(1));
        (await LeasedAsync()).Should().Equal(Alice);

        await Queue.ReleaseAsync(over, TimeSpan.Zero);

        (await LeasedAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_thousand_of_a_user_wait_and_then_the_oldest_go()
    {
        var added = Enumerable.Range(0, IEventQueue.MostOfUser + 3).Select(number => Event($"{number}")).ToList();

        (await Queue.AddAsync(Alice, added[..IEventQueue.MostOfUser])).Should().Be(0);
        (await Queue.AddAsync(Alice, added[IEventQueue.MostOfUser..])).Should().Be(3);

        (await WaitingAsync(Alice)).Should().HaveCount(IEventQueue.MostOfUser).And.StartWith("3").And.EndWith("1002");
    }

    [Fact]
    public async Task Whatever_is_added_while_another_takes_out_the_last_gets_its_turn()
    {
        for (var round = 0; round < 50; round++)
        {
            await Queue.AddAsync(Alice, [Event("1")]);
            var lease = (await Queue.LeaseAsync(9, Lease)).Single();
            await Queue.RemoveAsync(Alice, (await Queue.ReadAsync(Alice, 9)).Single().Place);
            await Task.WhenAll(Task.Run(() => Queue.ReleaseAsync(lease, TimeSpan.Zero)), Task.Run(() => Queue.AddAsync(Alice, [Event("2")])));

            var next = (await Queue.LeaseAsync(9, Lease)).Should().ContainSingle($"round {round}").Subject;
            await Queue.RemoveAsync(Alice, (await Queue.ReadAsync(Alice, 9)).Single().Place);
            await Queue.ReleaseAsync(next, TimeSpan.Zero);
        }
    }

    private protected static HubEvent Event(string text) => new(text, "connection.ended", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(text));

    private protected async Task<IEnumerable<string>> WaitingAsync(Address user) =>
        (await Queue.ReadAsync(user, NoLimit)).Select(TextOf).ToList();

    private protected async Task<IEnumerable<Address>> LeasedAsync() => (await Queue.LeaseAsync(9, Lease)).Select(lease => lease.User);

    private static string TextOf(QueuedEvent waiting) => Encoding.UTF8.GetString(waiting.Event!.Data.Span);

    public sealed class InMemory() : EventQueueTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : EventQueueTests(redis), IClassFixture<RedisRouting>
    {
        private const string Key = "hub:{user%3Aalice}:events";
        private const string Due = "hub:events:due";

        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task They_lie_in_the_slot_of_the_user_for_seven_days_and_nothing_is_left_of_what_was_sent()
        {
            await Queue.AddAsync(Alice, [Event("1")]);
            (await _redis.Redis.Database.KeyTimeToLiveAsync(Key)).Should().BeCloseTo(TimeSpan.FromDays(7), TimeSpan.FromMinutes(1));
            var lease = (await Queue.LeaseAsync(9, Lease)).Single();
            await Queue.RemoveAsync(Alice, (await Queue.ReadAsync(Alice, 9)).Single().Place);

            await Queue.ReleaseAsync(lease, TimeSpan.Zero);

            (await _redis.Redis.Database.KeyExistsAsync(Key)).Should().BeFalse();
            (await _redis.Redis.Database.KeyExistsAsync(Due)).Should().BeFalse();
        }

        [Fact]
        public async Task An_event_that_a_later_version_has_written_is_read_as_one_that_can_not_be_read()
        {
            await Queue.AddAsync(Alice, [Event("1")]);
            await _redis.Redis.Database.StreamAddAsync(Key, "record", "2 connection.ended\nid 7\nat 1\n\n{}");

            (await Queue.ReadAsync(Alice, 9)).Select(waiting => waiting.Event?.Id).Should().Equal("1", null);
        }

        [Fact]
        public async Task What_one_node_has_added_another_may_send()
        {
            await using var second = await _redis.OpenOneMoreAsync();
            await Queue.AddAsync(Alice, [Event("1")]);

            var others = second.Services.GetRequiredService<IEventQueue>();

            (await others.LeaseAsync(9, Lease)).Should().ContainSingle();
            (await LeasedAsync()).Should().BeEmpty();
        }
    }
}
