using RealtimeHub.Redis;

namespace RealtimeHub.Routing.Receipts;

/// <summary>How far clients have handled the messages of users and groups. Kept for as long as the log of the address.</summary>
/// <remarks>All of it throws <see cref="StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface IReceipts
{
    /// <summary>The most devices of a user of which something is kept: who was silent for longest makes room for another.</summary>
    const int MostDevices = 20;

    /// <summary>The most users of a group of which something is kept: of those who come later nothing is.</summary>
    const int MostMembers = 10_000;

    /// <summary>The most addresses that are entered at once: the store does nothing else meanwhile.</summary>
    const int MostAtOnce = 32;

    /// <summary>
    /// Enters how far clients say that they have handled addresses, and records what backends are to be told of that, in one step of each
    /// address.
    /// </summary>
    /// <param name="addresses">Each once, and no more than <see cref="MostAtOnce"/>.</param>
    /// <returns>The messages that nodes await, and that are handled now, each once.</returns>
    Task<IReadOnlyList<AwaitedMessage>> AddAsync(IReadOnlyList<AddressReports> addresses);

    /// <summary>What is known of an address.</summary>
    Task<IReadOnlyList<Receipt>> OfAsync(Address address);

    /// <summary>Has <see cref="AddAsync"/> tell when a message is handled for the first time, unless it is already.</summary>
    /// <param name="address">Where it was published to.</param>
    /// <param name="message">Its id.</param>
    /// <param name="by">Who awaits it: a node, or <see cref="AwaitedMessage.Event"/>.</param>
    /// <returns>Who has handled it already; null if nobody has.</returns>
    Task<string?> AwaitAsync(Address address, Cursor message, string by);
}
