namespace RealtimeHub.Routing.Events;

/// <summary>Where a backend is told what happens. Section <c>Events</c>. The same on every node.</summary>
internal sealed class EventOptions
{
    internal const string Section = "Events";

    /// <summary>
    /// Where each event is posted to: <c>https://app.example.com/hub-events</c>. Empty, the default: nowhere, and nothing is recorded.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// The key by which each POST is signed: <c>whsec_</c> and the base64 of 24 to 64 random bytes. While it is changed two or more,
    /// separated by commas.
    /// </summary>
    public string Secret { get; set; } = "";

    /// <summary>
    /// The durable topic exchange of <c>RabbitMq:Uri</c> to which each event is published, in the place of <see cref="Url"/>. Empty, the
    /// default: none.
    /// </summary>
    public string RabbitMqExchange { get; set; } = "";

    internal bool HasUrl => !string.IsNullOrWhiteSpace(Url);

    internal bool HasExchange => !string.IsNullOrWhiteSpace(RabbitMqExchange);

    /// <summary>Whether events are recorded at all.</summary>
    internal bool IsConfigured => HasUrl || HasExchange;

    internal IReadOnlyList<string> Secrets => Secret.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
