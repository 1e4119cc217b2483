using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>What a node does with its connections, without sockets: the test is the directory, and the clock.</summary>
internal sealed class SteppedNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SteppedNode()
    {
        Router = new SteppedRouter(Time);
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<TimeProvider>(Time)
            .AddSingleton<IMessageRouter>(Router).AddSingleton<IConnectionDirectory>(Router.Directory)
            .AddSingleton<ILastingGroups>(Router.Lasting).AddSingleton(NodeId.Create());
        services.AddSignalR();
        foreach (var part in (Type[])[
            typeof(LogSummary), typeof(Departures), typeof(ExpectedUsers), typeof(FollowedUsers), typeof(RecentDeliveries),
            typeof(RecentlyEnded), typeof(EndedLabels), typeof(ConnectionEnder), typeof(ConnectionReplacer), typeof(UserRoom),
            typeof(ConnectionRegistry), typeof(UserMembership), typeof(GroupMembership),
            typeof(ConnectionAttachment),
            typeof(LiveGroups), typeof(LastingMembership), typeof(NodeRequests),
            typeof(ConnectionOpening), typeof(CallEncoder), typeof(HeadNotice), typeof(OpeningNotice), typeof(FanOut),
            typeof(DeliveryMetrics), typeof(ConnectMetrics),
            typeof(PositionCheck)])
        {
            services.AddSingleton(part);
        }

        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new();

    public SteppedRouter Router { get; }

    public ConnectionRegistry Registry => _services.GetRequiredService<ConnectionRegistry>();

    public GroupMembership Groups => _services.GetRequiredService<GroupMembership>();

    public LastingMembership Lasting => _services.GetRequiredService<LastingMembership>();

    public ConnectionAttachment Attachment => _services.GetRequiredService<ConnectionAttachment>();

    public ConnectionOpening Opening => _services.GetRequiredService<ConnectionOpening>();

    public FanOut FanOut => _services.GetRequiredService<FanOut>();

    public HeadNotice Notice => _services.GetRequiredService<HeadNotice>();

    public PositionCheck Check => _services.GetRequiredService<PositionCheck>();

    /// <summary>Any other part.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
