namespace RealtimeHub.Bench.Workloads;

/// <summary>How much is done, and how often.</summary>
internal sealed record Sizes
{
    /// <summary>Whether stages that take long are left out.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Interleaved rounds of everything that runs beside its peers, at the least.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Rounds of what needs fresh servers each time, at the least.</summary>
    public int FreshRounds { get; init; } = 3;

    /// <summary>Rounds at the most, if ratios are not known well enough before.</summary>
    public int MostRounds { get; init; } = 20;

    /// <summary>After so much of the run each stage has one round.</summary>
    public TimeSpan Unhurried { get; init; } = TimeSpan.MaxValue;

    /// <summary>How long a system is warmed up at the most if its compiler does not come to rest.</summary>
    public TimeSpan LongestWarmUp { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Clients that connect in one go.</summary>
    public int Connects { get; init; } = 2_000;

    /// <summary>Clients a second that arrive where latency is measured.</summary>
    public double ArrivalsPerSecond { get; init; } = 500;

    /// <summary>Clients that are there while messages are sent.</summary>
    public int Users { get; init; } = 1_000;

    /// <summary>Messages of one measurement.</summary>
    public int Messages { get; init; } = 5_000;

    /// <summary>Messages a second where latency is measured.</summary>
    public double MessagesPerSecond { get; init; } = 1_000;

    /// <summary>Deliveries of one measurement to many.</summary>
    public int Deliveries { get; init; } = 100_000;

    /// <summary>Messages of one measurement of the last client's latency.</summary>
    public int Announcements { get; init; } = 40;

    /// <summary>How long messages are sent to stalled readers and the others.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Clients that arrive at once in a storm, and come back after a node's death.</summary>
    public int Storm { get; init; } = 2_000;

    /// <summary>Clients of a node that dies.</summary>
    public int Resumes { get; init; } = 10_000;

    /// <summary>Idle clients whose memory is measured.</summary>
    public int Idle { get; init; } = 10_000;

    /// <summary>How long idle clients are watched for what they cost.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first users of a node that has just started.</summary>
    public int Fresh { get; init; } = 2_000;

    /// <summary>The first of many more.</summary>
    public int FreshMany { get; init; } = 10_000;

    /// <summary>Clients on all nodes of one machine.</summary>
    public int Crowd { get; init; } = 100_000;

    /// <summary>How long the last of the messages may take until it counts as lost.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So much that a runtime has compiled by then what it would compile in the first round.</summary>
    public Sizes WarmUp => new()
    {
        IsQuick = IsQuick,
        Connects = IsQuick ? 500 : 2_000,
        ArrivalsPerSecond = 1_000,
        Users = 100,
        Messages = IsQuick ? 1_500 : 5_000,
        MessagesPerSecond = 2_000,
        Deliveries = IsQuick ? 10_000 : 40_000,
        Announcements = 5,
        Stall = TimeSpan.FromSeconds(0.5),
        Storm = IsQuick ? 200 : 1_000,
        Deadline = TimeSpan.FromSeconds(1),
    };

    /// <summary>Less of everything: under three minutes on two cores.</summary>
    public static Sizes Quick { get; } = new()
    {
        IsQuick = true,
        Rounds = 2,
        FreshRounds = 2,
        MostRounds = 3,
        Unhurried = TimeSpan.FromSeconds(60),
        LongestWarmUp = TimeSpan.Zero,
        Connects = 300,
        ArrivalsPerSecond = 500,
        Users = 300,
        Messages = 1_000,
        MessagesPerSecond = 1_000,
        Deliveries = 20_000,
        Announcements = 10,
        Stall = TimeSpan.FromSeconds(1),
        Storm = 300,
        Idle = 1_000,
        IdleTime = TimeSpan.FromSeconds(3),
        Fresh = 300,
        FreshMany = 2_000,
        Deadline = TimeSpan.FromSeconds(1),
    };
}
