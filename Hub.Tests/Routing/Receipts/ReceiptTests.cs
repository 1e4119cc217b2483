using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;
using RealtimeHub.Routing.Receipts;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing.Receipts;

/// <summary>How far devices, and users of groups, have handled what was published.</summary>
public abstract class ReceiptTests(RoutingMode mode) : RouterTests(
    mode, ("Routing:MaxAge", "01:00:00"), ("Events:Url", "https://app.example.com/events"), ("Events:Secret", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
{
    private static readonly Address Room = Address.Group("room");

    private protected IReceipts Receipts => Node.Services.GetRequiredService<IReceipts>();

    [Fact]
    public async Task What_a_device_has_said_counts_and_what_lies_behind_it_waits()
    {
        await HandleAsync("phone", after: 10, upTo: 12);

        var phone = (await Receipts.OfAsync(Alice)).Should().ContainSingle().Subject;
        (phone.Holder, phone.UpTo).Should().Be(("phone", At(12)));
        StatesOf(phone, 10, 11, 12, 13).Should().Equal(
            ReceiptState.Before, ReceiptState.Handled, ReceiptState.Handled, ReceiptState.Waiting);
        (await Receipts.OfAsync(Bob)).Should().BeEmpty();
    }

    [Fact]
    public async Task Each_device_counts_by_itself()
    {
        await HandleAsync("phone", after: 10, upTo: 12);
        await HandleAsync("tab", after: 10, upTo: 11);

        var of = (await Receipts.OfAsync(Alice)).ToDictionary(receipt => receipt.Holder);
        (of["phone"].StateOf(At(12)), of["tab"].StateOf(At(12))).Should().Be((ReceiptState.Handled, ReceiptState.Waiting));
    }

    [Fact]
    public async Task A_receipt_that_comes_late_or_twice_takes_nothing_back()
    {
        await HandleAsync("phone", after: 10, upTo: 15);
        await HandleAsync("phone", after: 10, upTo: 12);
        await HandleAsync("phone", after: 10, upTo: 15);

        (await PhoneAsync()).Should().Match<Receipt>(phone => phone.UpTo == At(15) && phone.Ranges.Count == 1);
    }

    [Fact]
    public async Task What_a_device_has_left_out_was_not_handled()
    {
        await HandleAsync("phone", after: 10, upTo: 12);
        await HandleAsync("phone", after: 14, upTo: 16);

        StatesOf(await PhoneAsync(), 12, 13, 14, 15, 17).Should().Equal(
            ReceiptState.Handled, ReceiptState.Passed, ReceiptState.Passed, ReceiptState.Handled, ReceiptState.Waiting);
    }

    [Fact]
    public async Task A_handler_that_has_failed_is_told_of_its_message_alone_until_the_device_begins_anew_behind_it()
    {
        await HandleAsync("phone", after: 10, upTo: 12, failed: 13);
        StatesOf(await PhoneAsync(), 12, 13, 14).Should().Equal(ReceiptState.Handled, ReceiptState.Failed, ReceiptState.Waiting);

        await HandleAsync("phone", after: 14, upTo: 15);
        StatesOf(await PhoneAsync(), 12, 13, 14, 15).Should().Equal(
            ReceiptState.Handled, ReceiptState.Passed, ReceiptState.Passed, ReceiptState.Handled);
    }

    [Fact]
    public async Task A_handler_that_fails_at_the_very_first_message_is_told()
    {
        await HandleAsync("phone", after: 10, upTo: 10, failed: 11);

        StatesOf(await PhoneAsync(), 10, 11, 12).Should().Equal(ReceiptState.Before, ReceiptState.Failed, ReceiptState.Waiting);
    }

    [Fact]
    public async Task It_is_known_by_when_each_was_handled()
    {
        await HandleAsync("phone", after: 10, upTo: 12);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        await HandleAsync("phone", after: 10, upTo: 14);

        var phone = await PhoneAsync();
        (phone.HandledBy(At(14)) - phone.HandledBy(At(12))).Should().BeCloseTo(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        (phone.HandledBy(At(13)), phone.HandledBy(At(11))).Should().Be((phone.HandledBy(At(14)), phone.HandledBy(At(12))));
    }

    [Fact]
    public async Task Of_a_device_only_its_last_ranges_are_told_apart_and_nothing_is_said_that_was_not_handled()
    {
        for (var number = 0; number < 3 * Receipt.MostRanges; number++)
        {
            await HandleAsync("phone", after: 10, upTo: (ulong)(11 + number));
        }

        var last = (ulong)(10 + (3 * Receipt.MostRanges));
        var phone = await PhoneAsync();
        phone.Ranges.Should().HaveCount(Receipt.MostRanges);
        StatesOf(phone, 10, 11, last).Should().Equal([ReceiptState.Before, ReceiptState.Handled, ReceiptState.Handled], "ranges without a hole become one");

        for (var number = 0; number < Receipt.MostRanges; number++)
        {
            var begin = last + 5 + (ulong)(10 * number);
            await HandleAsync("phone", after: begin, upTo: begin + 1);
        }

        phone = await PhoneAsync();
        phone.Ranges.Should().HaveCount(Receipt.MostRanges);
        StatesOf(phone, 11, last + 5, last + 6, last + 7).Should().Equal(
            ReceiptState.Before, ReceiptState.Before, ReceiptState.Handled, ReceiptState.Passed);
    }

    [Fact]
    public async Task Of_a_user_twenty_devices_are_kept_and_the_one_that_was_silent_for_longest_goes()
    {
        for (var number = 0; number < IReceipts.MostDevices; number++)
        {
            await HandleAsync($"device {number}", after: 1, upTo: 2);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        await HandleAsync("device 0", after: 1, upTo: 3);
        await HandleAsync("one more", after: 1, upTo: 2);

        (await Receipts.OfAsync(Alice)).Select(receipt => receipt.Holder).Should()
            .BeEquivalentTo([.. Enumerable.Range(0, IReceipts.MostDevices).Where(number => number != 1).Select(number => $"device {number}"), "one more"]);
    }

    [Fact]
    public async Task Several_are_entered_at_once_and_of_one_holder_in_their_order()
    {
        await AddAsync(Room, Report("alice", 10, 11), Report("bob", 10, 12), Report("alice", 10, 13));

        (await Receipts.OfAsync(Room)).Select(receipt => (receipt.Holder, receipt.UpTo.Offset)).Should()
            .BeEquivalentTo([("alice", 13UL), ("bob", 12UL)]);
    }

    [Fact]
    public async Task What_the_client_calls_itself_is_kept_whatever_it_says()
    {
        await AddAsync(Alice, Report("phone", 10, 11) with { Client = "failed 1-1 ranges 0-99@1" });

        (await PhoneAsync()).Should().Match<Receipt>(phone => phone.Client == "failed 1-1 ranges 0-99@1" && phone.Failed == null && phone.Ranges.Count == 1);
    }

    [Fact]
    public async Task It_is_kept_for_as_long_as_the_log()
    {
        await HandleAsync("phone", after: 10, upTo: 12);
        await AdvanceAsync(TimeSpan.FromMinutes(50));
        await HandleAsync("tab", after: 10, upTo: 12);

        await AdvanceAsync(TimeSpan.FromMinutes(50));
        (await Receipts.OfAsync(Alice)).Should().NotBeEmpty();
        await AdvanceAsync(TimeSpan.FromMinutes(15));
        (await Receipts.OfAsync(Alice)).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_awaits_a_message_is_told_once_by_the_first_receipt_that_has_it()
    {
        (await Receipts.AwaitAsync(Alice, At(12), "me")).Should().BeNull();
        (await Receipts.AwaitAsync(Alice, At(12), "you")).Should().BeNull();
        (await Receipts.AwaitAsync(Alice, At(14), "me")).Should().BeNull();

        (await AddAsync(Alice, Report("phone", 10, 11))).Should().BeEmpty();
        (await AddAsync(Alice, Report("tab", 10, 13))).Should()
            .BeEquivalentTo([new AwaitedMessage(Alice, At(12), "me", "tab"), new AwaitedMessage(Alice, At(12), "you", "tab")]);
        (await AddAsync(Alice, Report("phone", 10, 13))).Should().BeEmpty("it has been told");
    }

    [Fact]
    public async Task Who_awaits_what_is_handled_already_is_told_at_once()
    {
        await HandleAsync("phone", after: 10, upTo: 12);

        (await Receipts.AwaitAsync(Alice, At(12), "me")).Should().Be("phone");
        (await Receipts.AwaitAsync(Alice, At(10), "me")).Should().BeNull("nobody knows of it");
    }

    [Fact]
    public async Task What_was_left_out_stays_awaited()
    {
        await Receipts.AwaitAsync(Alice, At(13), "me");

        (await AddAsync(Alice, Report("phone", 10, 12), Report("phone", 13, 15))).Should().BeEmpty();
        (await AddAsync(Alice, Report("tab", 12, 13))).Should().ContainSingle().Which.Holder.Should().Be("tab");
    }

    [Fact]
    public async Task What_many_have_handled_is_entered_at_once_and_of_each_is_told_who_awaits_it()
    {
        await Receipts.AwaitAsync(Bob, At(12), "me");
        await Receipts.AwaitAsync(Room, At(12), "you");
        await Receipts.AwaitAsync(Alice, At(13), "me");

        var handled = await Receipts.AddAsync(
        [
            new AddressReports(Alice, [Report("phone", 10, 12), Report("tab", 10, 11)]),
            new AddressReports(Bob, [Report("phone", 10, 12)]),
            new AddressReports(Room, [Report("alice", 10, 11), Report("bob", 10, 12)]),
        ]);

        handled.Should().BeEquivalentTo(
            [new AwaitedMessage(Bob, At(12), "me", "phone"), new AwaitedMessage(Room, At(12), "you", "bob")]);
        (await Receipts.OfAsync(Alice)).Select(receipt => receipt.Holder).Should().BeEquivalentTo("phone", "tab");
        (await Receipts.OfAsync(Bob)).Select(receipt => receipt.UpTo).Should().Equal(At(12));
        (await Receipts.OfAsync(Room)).Select(receipt => receipt.Holder).Should().BeEquivalentTo("alice", "bob");
    }

    [Fact]
    public async Task What_a_backend_awaits_is_among_its_events_as_soon_as_the_receipt_is_entered()
    {
        await Receipts.AwaitAsync(Alice, At(12), AwaitedMessage.Event);

        (await AddAsync(Alice, Report("phone", 10, 11))).Should().BeEmpty();
        (await AddAsync(Alice, Report("phone", 10, 13))).Should().BeEmpty("no node awaits it");
        await AddAsync(Alice, Report("tab", 10, 13));

        var told = (await Node.Services.GetRequiredService<IEventQueue>().ReadAsync(Alice, 10)).Should().ContainSingle().Subject.Event!;
        told.Type.Should().Be("message.handled");
        Encoding.UTF8.GetString(told.Data.Span).Should().Be($$"""{"message":"{{At(12)}}","address":"user:alice","device":"phone"}""");
        (await Node.Services.GetRequiredService<IEventQueue>().LeaseAsync(10, TimeSpan.FromMinutes(1))).Select(lease => lease.User)
            .Should().Equal(Alice);
    }

    private protected Task<IReadOnlyList<AwaitedMessage>> AddAsync(Address address, params HandledReport[] reports) =>
        Receipts.AddAsync([new AddressReports(address, reports)]);

    private protected static Cursor At(ulong offset) => new(offset, Tag: 7);

    private protected static HandledReport Report(string holder, ulong after, ulong upTo, ulong? failed = null) =>
        new(holder, At(upTo), At(after)) { Failed = failed is { } offset ? At(offset) : null };

    private static IEnumerable<ReceiptState> StatesOf(Receipt receipt, params ulong[] offsets) =>
        offsets.Select(offset => receipt.StateOf(At(offset)));

    private protected Task HandleAsync(string device, ulong after, ulong upTo, ulong? failed = null) =>
        AddAsync(Alice, Report(device, after, upTo, failed));

    private protected async Task<Receipt> PhoneAsync() => (await Receipts.OfAsync(Alice)).Single(receipt => receipt.Holder == "phone");

    public sealed class InMemory() : ReceiptTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : ReceiptTests(redis), IClassFixture<RedisRouting>
    {
        private const string Key = "hub:{user%3Aalice}:receipts";

        private readonly RedisRouting _redis = redis;

        private IDatabase Database => _redis.Redis.Database;

        [Fact]
        public async Task They_are_a_hash_in_the_slot_of_the_address_that_has_a_record_for_each_device()
        {
            await AddAsync(Alice, Report("phone", 10, 12, failed: 13) with { Client = "shop/3.1" });

            ((string)(await Database.HashGetAsync(Key, "phone"))!).Should()
                .MatchRegex("^1 12-7\nranges 10-12@[0-9]{13}\nfailed 13-7\nclient shop/3.1$");
            (await Database.KeyTimeToLiveAsync(Key)).Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        }

        [Fact]
        public async Task What_is_of_another_version_is_passed_over_and_what_has_more_fields_is_read()
        {
            await Database.HashSetAsync(Key, [new("new", "2 whatever"), new("odd", "1 soon"), new("phone", "1.7 12-7\nmood good\nranges 10-12@1790000000000")]);

            StatesOf((await Receipts.OfAsync(Alice)).Should().ContainSingle().Subject, 12, 13).Should()
                .Equal(ReceiptState.Handled, ReceiptState.Waiting);
            await HandleAsync("phone", after: 10, upTo: 13);
            (await PhoneAsync()).UpTo.Should().Be(At(13));
        }

        [Fact]
        public async Task Offsets_as_large_as_they_are_in_use_lose_no_digit()
        {
            await HandleAsync("phone", after: 1_790_000_000_000_001, upTo: 1_790_000_000_000_003);

            ulong[] offsets = [1_790_000_000_000_001, 1_790_000_000_000_002, 1_790_000_000_000_003, 1_790_000_000_000_004];
            StatesOf(await PhoneAsync(), offsets).Should()
                .Equal(ReceiptState.Before, ReceiptState.Handled, ReceiptState.Handled, ReceiptState.Waiting);
        }
    }
}
