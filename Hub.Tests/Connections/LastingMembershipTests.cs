using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

public sealed class LastingMembershipTests : IAsyncLifetime
{
    private readonly SteppedNode _node = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _node.DisposeAsync().AsTask();

    [Fact]
    public async Task Times_of_users_who_have_gone_are_let_go_of_and_those_of_who_is_here_are_kept()
    {
        var (gone, here) = (new PipedConnection("gone", "alice").Client, new PipedConnection("here", "bob").Client);
        _node.Registry.Join(here.EnteredAt, here);
        gone.ExitAll();
        here.ExitAll();

        for (var day = 1; day <= 5_000; day++)
        {
            LastingGroup[] found = [new LastingGroup(Address.Group("room"), _node.Time.GetUtcNow().AddDays(day))];
            await _node.Lasting.EnterAsync(gone, found, read: day);
            await (day <= 500 ? _node.Lasting.EnterAsync(here, found, read: day) : Task.CompletedTask);
        }

        _node.Lasting.Times.Should().BeInRange(500, 1_025);
    }
}
