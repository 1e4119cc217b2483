using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Routing;

namespace RealtimeHub.Tests.Nodes;

/// <summary>One node asks another. Its time stands still until the test moves it, so what is known is known without waiting.</summary>
public sealed class NodeRequestsTests(RedisRouting redis) : ThreeNodeTests(redis), IClassFixture<RedisRouting>
{
    private static readonly JoinGroup Question = new("c1", Address.Group("room"));

    private NodeRequests Requests => Node.Services.GetRequiredService<NodeRequests>();

    private FakeTimeProvider Time => (FakeTimeProvider)Node.Services.GetRequiredService<TimeProvider>();

    [Fact]
    public async Task One_node_is_asked_and_who_asks_knows_when_it_is_done()
    {
        var asking = Requests.AskAsync(Second.Id, Question);
        var asked = (JoinGroup)await NextAsync(Second);
        asking.IsCompleted.Should().BeFalse();

        await AnswerAsync(Second, asked);

        await asking;
        (asked.Connection, asked.Group, asked.Asker).Should().Be((Question.Connection, Question.Group, Node.Id.Value));
        (await Third.CommandsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Many_may_be_asked_at_once_and_each_answer_is_to_its_own_question()
    {
        var (second, third) = (Requests.AskAsync(Second.Id, Question), Requests.AskAsync(Third.Id, Question));
        var (toSecond, toThird) = ((JoinGroup)await NextAsync(Second), (JoinGroup)await NextAsync(Third));

        await AnswerAsync(Third, toThird);

        await third;
        second.IsCompleted.Should().BeFalse();
        await AnswerAsync(Second, toSecond);
        await second;
    }

    [Fact]
    public async Task Why_it_was_not_done_is_thrown_where_it_was_asked()
    {
        var asking = Requests.AskAsync(Second.Id, Question);

        await AnswerAsync(Second, (JoinGroup)await NextAsync(Second), () => throw new InvalidOperationException("It is full."));

        (await asking.Awaiting(it => it).Should().ThrowAsync<InvalidOperationException>()).WithMessage("It is full.");
    }

    [Fact]
    public async Task That_Redis_is_away_from_the_other_node_is_told_as_well()
    {
        var asking = Requests.AskAsync(Second.Id, Question);

        await AnswerAsync(
            Second, (JoinGroup)await NextAsync(Second), () => Task.FromException(new StoreUnavailableException(new TimeoutException())));

        (await asking.Awaiting(it => it).Should().ThrowAsync<StoreUnavailableException>())
            .WithMessage($"Redis does not serve node {Second.Id}. That node says: Redis does not answer.*");
    }

    [Fact]
    public async Task That_a_node_does_not_know_what_it_is_asked_for_is_told_at_once()
    {
        var asking = Requests.AskAsync(Second.Id, Question);
        var asked = (JoinGroup)await NextAsync(Second);

        await RequestsOf(Second).RefuseAsync(new UnknownRequest("joinGroup") { Asker = asked.Asker, RequestId = asked.RequestId }, "joinGroup");
        await TakeAnswerAsync();

        (await asking.Awaiting(it => it).Should().ThrowAsync<NotSupportedException>())
            .WithMessage($"Node {Second.Id} does not know the request joinGroup: it is of another version.*");
    }

    [Fact]
    public async Task A_node_that_is_silent_is_named_after_five_seconds()
    {
        var asking = Requests.AskAsync(Second.Id, Question);
        await NextAsync(Second);
        Time.Advance(TimeSpan.FromSeconds(4.9));
        asking.IsCompleted.Should().BeFalse();

        Time.Advance(TimeSpan.FromSeconds(0.1));

        (await asking.Awaiting(it => it).Should().ThrowAsync<TimeoutException>())
            .WithMessage($"Node {Second.Id} has not answered within 5 seconds. It may have done what it was asked, or not: try again.");
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_nobody_s_and_the_next_one_counts()
    {
        var first = Requests.AskAsync(Second.Id, Question);
        var late = (JoinGroup)await NextAsync(Second);
        Time.Advance(TimeSpan.FromSeconds(5));
        await first.Awaiting(it => it).Should().ThrowAsync<TimeoutException>();
        var second = Requests.AskAsync(Second.Id, Question);

        await AnswerAsync(Second, late);

        second.IsCompleted.Should().BeFalse();
        await AnswerAsync(Second, (JoinGroup)await NextAsync(Second, skip: 1));
        await second;
    }

    [Fact]
    public async Task That_a_node_has_left_is_known_at_once()
    {
        await Second.Channel.CloseAsync();

        (await Requests.Awaiting(requests => requests.AskAsync(Second.Id, Question)).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage($"Node {Second.Id} has died, or has lost Redis, and was not asked. Its clients will connect again: try then.");
    }

    [Fact]
    public async Task Who_has_asked_and_left_is_told_nothing_and_nothing_fails()
    {
        var asking = Requests.AskAsync(Second.Id, Question);
        var asked = (JoinGroup)await NextAsync(Second);
        await Node.Channel.CloseAsync();
        var isDone = false;

        await RequestsOf(Second).AnswerAsync(asked, () => { isDone = true; return Task.CompletedTask; });

        isDone.Should().BeTrue();
        asking.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task What_a_node_is_asked_for_comes_back_with_its_answer()
    {
        var asking = Requests.AskAsync(Second.Id, new DrainNode(), NodeCommandJson.Default.DrainAnswer);

        var asked = (DrainNode)await NextAsync(Second);
        await RequestsOf(Second).TellAsync(asked, () => new DrainAnswer(7, 1.75), NodeCommandJson.Default.DrainAnswer);
        await TakeAnswerAsync();

        (await asking).Should().Be(new DrainAnswer(7, 1.75));
    }

    [Fact]
    public async Task A_node_that_fails_while_it_looks_is_not_taken_for_one_that_is_not_there()
    {
        var asking = Requests.AskAsync(Second.Id, new DrainNode(), NodeCommandJson.Default.DrainAnswer);

        await RequestsOf(Second).TellAsync<DrainAnswer>(
            (DrainNode)await NextAsync(Second), () => throw new InvalidOperationException("It broke."), NodeCommandJson.Default.DrainAnswer);
        await TakeAnswerAsync();

        (await asking.Awaiting(asked => asked).Should().ThrowAsync<InvalidOperationException>()).WithMessage("It broke.");
    }

    [Fact]
    public async Task Of_a_node_that_is_not_there_there_is_no_answer()
    {
        await Second.Channel.CloseAsync();

        (await Requests.AskAsync(Second.Id, new DrainNode(), NodeCommandJson.Default.DrainAnswer)).Should().BeNull();
    }

    private static NodeRequests RequestsOf(RouterNode node) => node.Services.GetRequiredService<NodeRequests>();

    /// <summary>What a node is asked next. It comes on another connection than the node's own.</summary>
    private static async Task<NodeCommand> NextAsync(RouterNode node, int skip = 0)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(node.Commands.Count > skip));
        return NodeCommand.Read(Encoding.UTF8.GetBytes(node.Commands[skip]));
    }

    /// <summary>Lets a node answer, and hands the answer that comes to who has asked.</summary>
    private async Task AnswerAsync(RouterNode by, JoinGroup asked, Func<Task>? act = null)
    {
        await RequestsOf(by).AnswerAsync(asked, act ?? (() => Task.CompletedTask));
        await TakeAnswerAsync();
    }

    private async Task TakeAnswerAsync() =>
        Requests.Take((CommandAnswer)NodeCommand.Read(Encoding.UTF8.GetBytes((await Node.CommandsAsync())[^1])));
}
