using RealtimeHub.Redis;

namespace RealtimeHub.Routing.Events;

/// <summary>
/// The events that wait to be sent, of each user in order, and those of <see cref="HubEvent.OfNobody"/> as if they were a user's. Whoever
/// holds the <see cref="EventLease"/> of a user sends them, and takes out what was taken.
/// </summary>
/// <remarks>All of it throws <see cref="StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface IEventQueue
{
    /// <summary>The most events of a user that wait. When there are more, the oldest go.</summary>
    const int MostOfUser = 1_000;

    /// <summary>How long events wait after the last of their user.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    /// <summary>Adds events behind those of the same user that wait.</summary>
    /// <returns>How many of the oldest had to go for it.</returns>
    Task<int> AddAsync(Address user, IReadOnlyList<HubEvent> events);

    /// <summary>Leases users of whom something waits, whose turn has come, and whom nobody else has.</summary>
    /// <param name="most">The most users.</param>
    /// <param name="time">How long nobody else gets them, unless they are released before.</param>
    Task<IReadOnlyList<EventLease>> LeaseAsync(int most, TimeSpan time);

    /// <summary>The first events of a user that wait.</summary>
    Task<IReadOnlyList<QueuedEvent>> ReadAsync(Address user, int most);

    /// <summary>Takes out an event that was sent. It may be out already.</summary>
    Task RemoveAsync(Address user, string place);

    /// <summary>Ends a lease, unless it is over and somebody else may have the next.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="wait">When it is the user's turn again, if something still waits.</param>
    Task ReleaseAsync(EventLease lease, TimeSpan wait);
}
