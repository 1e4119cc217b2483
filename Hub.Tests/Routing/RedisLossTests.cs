using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>What becomes of logs when Redis forgets. A loss is always announced.</summary>
public sealed class RedisLossTests(RedisRouting redis) : RouterTests(redis), IClassFixture<RedisRouting>
{
    private static readonly RedisKey[] AliceLog = ["hub:{user%3Aalice}:log", "hub:{user%3Aalice}:head"];

    private static readonly string[] Batch = [.. Enumerable.Range(0, 100).Select(number => $"{number}")];

    private IDatabase Database => redis.Redis.Database;

    [Fact]
    public async Task After_everything_was_lost_no_old_cursor_is_recovered_and_new_messages_have_higher_offsets()
    {
        var before = await PublishAsync("a", "b");

        await redis.Redis.Server.FlushAllDatabasesAsync();
        var after = await PublishAsync("c");

        after[0].Offset.Should().BeGreaterThan(before[1].Offset);
        foreach (var cursor in before)
        {
            var page = await ReadAsync(cursor);
            (page.Recovered, page.Cursor).Should().Be((false, after[0]));
            TextsOf(page).Should().Equal("c");
        }
    }

    [Fact]
    public async Task After_everything_was_lost_the_head_is_another()
    {
        var before = await PublishAsync("a");

        await redis.Redis.Server.FlushAllDatabasesAsync();

        (await ReadAsync(before[0])).Should().BeEquivalentTo(new LogPage(Recovered: false, await Router.HeadAsync(Alice), [], More: false));
    }

    [Fact]
    public async Task A_client_that_has_handled_what_a_failover_lost_is_told_though_its_offset_was_given_out_again()
    {
        await PublishAsync("a");
        var replica = await Task.WhenAll(AliceLog.Select(key => Database.KeyDumpAsync(key)));
        var handled = (await PublishAsync("lost"))[0];
        await FailOverToAsync(replica);
        await using var unaware = await redis.OpenOneMoreAsync();

        var again = await unaware.Router.PublishAsync(To(Alice, "b"));
        var last = await unaware.Router.PublishAsync(To(Alice, "c"));

        again.Offset.Should().Be(handled.Offset);
        var page = await ReadAsync(handled);
        (page.Recovered, page.Cursor).Should().Be((false, last));
        TextsOf(page).Should().Equal("c");
    }

    [Fact]
    public async Task Who_had_not_seen_what_a_failover_lost_is_told_by_the_next_publish_of_its_publisher()
    {
        var seen = (await PublishAsync("seen"))[0];
        var replica = await Task.WhenAll(AliceLog.Select(key => Database.KeyDumpAsync(key)));
        await PublishAsync("lost", "lost");
        await FailOverToAsync(replica);

        await PublishAsync("next");

        var page = await ReadAsync(seen);
        page.Recovered.Should().BeFalse();
        TextsOf(page).Should().Equal("next");
        TextsOf(await RetainedAsync(Alice)).Should().Equal("seen", "next");
    }

    [Fact]
    public async Task Who_had_not_seen_what_a_failover_lost_is_told_when_a_node_that_had_looks_at_the_head()
    {
        var seen = (await PublishAsync("seen"))[0];
        var replica = await Task.WhenAll(AliceLog.Select(key => Database.KeyDumpAsync(key)));
        var lost = (await PublishAsync("lost"))[0];
        await FailOverToAsync(replica);
        await using var other = await redis.OpenOneMoreAsync();

        var head = await other.Router.HeadAsync(Alice, known: lost);

        (await ReadAsync(seen)).Should().BeEquivalentTo(new LogPage(Recovered: false, head, [], More: false));
        (await ReadAsync(head)).Recovered.Should().BeTrue("who stands behind the tear has been told");
    }

    [Fact]
    public async Task A_loss_is_told_where_it_is_after_what_came_before_it()
    {
        var seen = (await PublishAsync("seen", "kept"))[0];
        var replica = await Task.WhenAll(AliceLog.Select(key => Database.KeyDumpAsync(key)));
        await PublishAsync("lost");
        await FailOverToAsync(replica);
        await PublishAsync("next");

        var before = await ReadAsync(seen);
        var after = await ReadAsync(before.Cursor);

        (before.Recovered, before.More).Should().Be((true, true));
        TextsOf(before).Should().Equal("kept");
        after.Recovered.Should().BeFalse();
        TextsOf(after).Should().Equal("next");
    }

    [Fact]
    public async Task To_know_what_was_trimmed_or_lies_before_the_oldest_is_no_loss()
    {
        var start = await Router.HeadAsync(Alice);
        await PublishAsync("a", "b");
        await Database.StreamTrimAsync(AliceLog[0], 1);

        var head = await Router.HeadAsync(Alice, known: start);

        TextsOf(await RetainedAsync(Alice)).Should().Equal("b");
        (await Router.HeadAsync(Alice)).Should().Be(head);
        (await Database.StreamLengthAsync(AliceLog[0])).Should().Be(1, "nothing was torn");
    }

    [Fact]
    public async Task A_log_that_has_lost_its_head_begins_anew()
    {
        var before = await PublishAsync("a", "b");

        await Database.KeyDeleteAsync(AliceLog[1]);
        var after = await PublishAsync("c");

        after[0].Offset.Should().BeGreaterThan(before[1].Offset);
        TextsOf(await RetainedAsync(Alice)).Should().Equal("c");
        (await ReadAsync(before[1])).Recovered.Should().BeFalse();
    }

    [Fact]
    public async Task A_head_that_has_lost_its_log_is_still_told_from_a_loss()
    {
        var ids = await PublishAsync("a", "b");

        await Database.KeyDeleteAsync(AliceLog[0]);

        (await ReadAsync(ids[0])).Recovered.Should().BeFalse();
        (await ReadAsync(ids[1])).Recovered.Should().BeTrue();
    }

    [Fact]
    public async Task A_batch_keeps_its_order_when_Redis_has_forgotten_the_scripts()
    {
        await PublishAsync("before");
        await redis.Redis.Server.ScriptFlushAsync();

        await PublishBatchAsync();

        TextsOf(await RetainedAsync(Alice)).Should().Equal(["before", .. Batch]);
    }

    [Fact]
    public async Task A_batch_keeps_its_order_when_Redis_has_started_anew()
    {
        await PublishAsync("before");
        var back = BackAsync();
        redis.Redis.Kill();
        await redis.Redis.RestartAsync();
        await back;

        await PublishBatchAsync();

        TextsOf(await RetainedAsync(Alice)).Should().Equal(Batch);
    }

    [Fact]
    public async Task Nothing_of_an_address_stays_for_ever_when_its_connections_are_gone()
    {
        await Router.AttachAsync(Alice, "connection");
        await Router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "key" });
        await Router.DetachAsync(Alice, "connection");

        var lives = redis.Redis.Server.Keys(pattern: "hub:{*").ToDictionary(key => key.ToString(), key => Database.KeyTimeToLive(key));

        lives.Keys.Should().BeEquivalentTo("hub:{user%3Aalice}:log", "hub:{user%3Aalice}:head", "hub:{user%3Aalice}:published:key");
        lives["hub:{user%3Aalice}:log"].Should().BeCloseTo(TimeSpan.FromDays(7), TimeSpan.FromMinutes(1));
        lives["hub:{user%3Aalice}:head"].Should().BeCloseTo(TimeSpan.FromDays(37), TimeSpan.FromMinutes(1));
        lives["hub:{user%3Aalice}:published:key"].Should().BeCloseTo(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
    }

    private async Task PublishBatchAsync() => await Task.WhenAll(Router.PublishAll([.. Batch.Select(text => To(Alice, text))]));

    /// <summary>Returns when the node is connected to Redis once more.</summary>
    private Task BackAsync()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.Services.GetRequiredService<IConnectionMultiplexer>().ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
            {
                back.TrySetResult();
            }
        };
        return back.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Alice's log is as it was when a replica had last heard of it.</summary>
    private async Task FailOverToAsync(byte[]?[] replica)
    {
        foreach (var (key, value) in AliceLog.Zip(replica))
        {
            await Database.KeyDeleteAsync(key);
            await Database.KeyRestoreAsync(key, value!);
        }
    }
}
