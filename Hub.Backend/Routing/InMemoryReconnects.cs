namespace RealtimeHub.Routing;

/// <summary>Secrets in this process's memory, with the same promises as in Redis for the one node that there is.</summary>
internal sealed class InMemoryReconnects(InMemoryDirectory directory, IMessageRouter router, ILastingGroups groups, NodeId node)
    : IReconnects
{
    public async Task<Reconnected?> ReconnectAsync(Address user, string secretHash, ReconnectingConnection? next = null)
    {
        if (directory.Replace(user, secretHash, next) is not var (replaced, entered))
        {
            return null;
        }

        var reconnected = new Reconnected(replaced.Id, replaced.Until is null ? node : null, replaced.Record);
        return entered is null ? reconnected : reconnected with
        {
            Entered = entered,
            Head = await router.HeadAsync(user),
            Lasting = await groups.OfAsync(user),
        };
    }
}
