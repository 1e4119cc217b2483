namespace RealtimeHub.Authentication.Limits;

/// <summary>
/// How much of this node clients may take before a token is spent, in all and from one IP address. Section <c>Limits</c>. What an IP
/// address is says <see cref="ClientNetwork"/>.
/// </summary>
internal sealed class LimitOptions
{
    internal const string Section = "Limits";

    internal const int Most = 1_000_000;

    /// <summary>
    /// The most connections of this node, open or negotiated: up to a million. 0, the default: three quarters of the files that the
    /// process may open beside 256. It is never more than Kestrel's own limit of upgraded connections.
    /// </summary>
    public int Connections { get; set; }

    /// <summary>The most connections of an IP address to this node: up to a million, or 0, the default, for no limit.</summary>
    public int ConnectionsPerIpAddress { get; set; }

    /// <summary>
    /// The most connections of this node that were negotiated and have not opened: up to a million, or 0 for no limit. Default: 10,000.
    /// </summary>
    public int Unopened { get; set; } = 10_000;

    /// <summary>The most of them from one IP address: up to a million, or 0, the default, for no limit.</summary>
    public int UnopenedPerIpAddress { get; set; }

    /// <summary>How many tokens an IP address may show in a minute: up to a million, or 0, the default, for no limit.</summary>
    public int AttemptsPerMinute { get; set; }

    /// <summary>How many of them may open nothing, in any minute: up to a million, or 0, the default, for no limit.</summary>
    public int FailuresPerMinute { get; set; }

    /// <summary>Whether any of them is counted by the IP address of the client.</summary>
    internal bool IsPerIpAddress =>
        ConnectionsPerIpAddress > 0 || UnopenedPerIpAddress > 0 || AttemptsPerMinute > 0 || FailuresPerMinute > 0;
}
