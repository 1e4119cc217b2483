using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Presence;
using RealtimeHub.Publishing;
using RealtimeHub.Receipts;
using RealtimeHub.Resuming;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the push hub into a host.</summary>
public static class PushHubServiceCollectionExtensions
{
    /// <summary>
    /// Room for a <c>Resume</c> with the cursors of all that a connection can get the messages of, even if each character of their names is
    /// escaped (<c>\u0041</c>): 512 KB.
    /// </summary>
    private const int LargestCall = 512 * 1024;

    /// <summary>
    /// Registers the hub, the single-use token, <c>IPublisher</c>, <c>IConnections</c>, <c>IConnectionControl</c>,
    /// <c>IGroupControl</c> and
    /// <c>IHubContext&lt;PushHub, IPushClient&gt;</c>. With <c>Redis:Connection</c> a message reaches the user on whichever
    /// node; without it only connections of this process.
    /// </summary>
    public static IServiceCollection AddPushHub(this IServiceCollection services)
    {
        services.AddNode().AddPublishing();
        services.TryAddSingleton<SecretTaker>();
        services.TryAddSingleton<RefusedClients>();
        services.AddAuthentication().AddSingleUseToken();
        services.AddValidatedOptions<ClientLimitOptions, ClientLimitOptionsValidator>(ClientLimitOptions.Section);
        services.AddSignalR().AddHubOptions<PushHub>(Configure);
        services.TryAddSingleton<HubLifetimeManager<PushHub>, PushHubLifetimeManager>();
        services.AddValidatedOptions<DrainOptions, DrainOptionsValidator>(DrainOptions.Section);
        services.TryAddSingleton<IConnections, ConnectionReader>();
        services.TryAddSingleton<NodeControl>();
        services.TryAddSingleton<IConnectionControl, ConnectionControl>();
        services.TryAddSingleton<IGroupControl, GroupControl>();
        services.TryAddTransient(provider => new PushHub(
            provider.GetRequiredService<Resumption>(), provider.GetRequiredService<ConnectionRenewal>(),
            provider.GetRequiredService<ClientGroups>(), provider.GetRequiredService<ClientReceipts>(),
            provider.GetRequiredService<ConnectionRegistry>()));
        foreach (var part in (Type[])
        [
            typeof(ConnectionRegistry), typeof(UserMembership), typeof(GroupMembership), typeof(ConnectionAttachment),
            typeof(ConnectionOpening), typeof(CallEncoder), typeof(CloseLog), typeof(ClientEvents), typeof(ConnectionEndings),
            typeof(HeadNotice), typeof(OpeningNotice), typeof(DeliveryMetrics), typeof(ConnectMetrics), typeof(ResumeMetrics),
            typeof(FollowedUsers), typeof(Following), typeof(LoadMeter),
            typeof(RecentDeliveries), typeof(RecentlyEnded), typeof(MessageFindings),
            typeof(ReceiptMetrics), typeof(ReceiptBuffer), typeof(ReceiptWaits), typeof(HandledMessages), typeof(ClientReceipts),
            typeof(LiveGroups), typeof(LastingMembership), typeof(ClientGroups),
            typeof(FanOut), typeof(PositionCheck), typeof(RemoteCalls), typeof(RemoteGroups), typeof(GroupMembers),
            typeof(NodeOverview), typeof(ConnectionEnder), typeof(ConnectionReplacer), typeof(UserRoom), typeof(ConnectionRenewer),
            typeof(EndedLabels),
            typeof(ConnectionRenewal), typeof(ConnectionDrain), typeof(CommandDispatcher), typeof(NodeInbox), typeof(Resumption),
        ])
        {
            services.TryAddSingleton(part);
        }

        return services.AddHostedService<HubNode>().AddHostedService<GroupExpiry>()
            .AddHostedService(provider => provider.GetRequiredService<Following>())
            .AddHostedService(provider => provider.GetRequiredService<ConnectionDrain>());
    }

    private static void Configure(HubOptions<PushHub> options)
    {
        options.SupportedProtocols = [Outgoing.Protocol];
        options.MaximumParallelInvocationsPerClient = 1;
        options.MaximumReceiveMessageSize = LargestCall;
    }
}
