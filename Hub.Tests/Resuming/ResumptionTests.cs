using RealtimeHub.Authentication;
using RealtimeHub.Resuming;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Resuming;

/// <summary>What a resume costs whoever asks, and the store.</summary>
public sealed class ResumptionTests : IAsyncLifetime
{
    private static readonly Address Alice = Address.User("alice");
    private static readonly Cursor Head = new(7, 7);

    private readonly SteppedNode _node = new();
    private readonly PipedConnection _alice = new();
    private readonly Resumption _resumption;

    public ResumptionTests() => _resumption = new Resumption(
        _node.Router, _node.Registry, PipedConnection.Events, PipedConnection.Metrics, new FollowedUsers(_node.Time), _node.Time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Whoever_resumes_too_often_is_answered_later()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            ResumeAsync(new ResumeRequest()).IsCompletedSuccessfully.Should().BeTrue();
        }

        var tooOften = ResumeAsync(new ResumeRequest());

        tooOften.IsCompleted.Should().BeFalse();
        _node.Time.Advance(TimeSpan.FromMilliseconds(200));
        await tooOften.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Where_the_node_knows_the_heads_nobody_asks_the_store()
    {
        _node.Registry.Join(Alice, _alice.Client).Reconcile(Head, asked: null, _node.Time.GetUtcNow());
        _node.Registry.Everyone.Reconcile(Head, asked: null, _node.Time.GetUtcNow());

        var beginning = ResumeAsync(new ResumeRequest(From: ResumeFrom.Head));

        _node.Router.IsCalled.Should().BeFalse();
        (await beginning).Addresses.Should().BeEquivalentTo(
            new Dictionary<string, ResumedAddress> { [$"{Alice}"] = Nothing, [$"{Address.Everyone}"] = Nothing });
    }

    [Fact]
    public async Task Whoever_has_missed_nothing_is_told_so()
    {
        _node.Registry.Join(Alice, _alice.Client).Reconcile(Head, asked: null, _node.Time.GetUtcNow());

        var answer = await ResumeAsync(new ResumeRequest(new Dictionary<string, string> { [$"{Alice}"] = $"{Head}" }));

        answer.Addresses.Should().BeEquivalentTo(new Dictionary<string, ResumedAddress> { [$"{Alice}"] = Nothing });
        answer.More.Should().BeFalse();
    }

    private static ResumedAddress Nothing => new(Recovered: true, $"{Head}", []);

    private Task<ResumeAnswer> ResumeAsync(ResumeRequest request) =>
        _resumption.ResumeAsync(_alice.Client, request, CancellationToken.None);
}
