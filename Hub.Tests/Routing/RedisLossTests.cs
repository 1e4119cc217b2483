using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Redis;
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
        IReadOnlyList<Cursor> handled = [];
        await redis.FailOverWithoutAsync(async () => handled = await PublishAsync("lost"));
        await using var unaware = await redis.OpenOneMoreAsync();

        var again = await unaware.Router.PublishAsync(To(Alice, "b"));
        var last = await unaware.Router.PublishAsync(To(Alice, "c"));

        again.Offset.Should().Be(handled[0].Offset);
        var page = await ReadAsync(handled[0]);
        (page.Recovered, page.Cursor).Should().Be((false, last));
        TextsOf(page).Should().Equal("c");
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

    private async Task PublishBatchAsync() => await Task.WhenAll(Router.PublishAll([.. Batch.Select(text => To(Alice, text))]));

    /// <summary>Returns when the node is connected to Redis once more.</summary>
    private Task BackAsync()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.Services.GetRequiredService<RedisConnection>().Multiplexer.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
            {
                back.TrySetResult();
            }
        };
        return back.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
