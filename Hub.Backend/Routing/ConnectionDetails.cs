using System.Globalization;
using System.Text;

namespace RealtimeHub.Routing;

/// <summary>What the directory knows of a connection, besides its node: the fields of its record there.</summary>
internal sealed record ConnectionDetails
{
    private const char BetweenLabels = '\t';

    /// <summary>When it opened.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How it is carried, by SignalR's name: <c>WebSockets</c>, <c>ServerSentEvents</c> or <c>LongPolling</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>What the client calls itself, with its version. It may say anything.</summary>
    public string? Client { get; init; }

    /// <summary>The web session that its token was minted in.</summary>
    public string? Session { get; init; }

    /// <summary>The epoch in which its token was minted: what is ended in a later one ends it. 0: before there was any.</summary>
    public long Epoch { get; init; }

    /// <summary>When its token lets it stay no longer.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The labels of its token.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The hash of the secret with which it may come back; null if it has none.</summary>
    public string? SecretHash { get; init; }

    /// <summary>The lines of its record, each with a line end before it. No value has one: what clients say is cleaned before.</summary>
    public string Fields => Lines([.. OfClient(), .. OfToken(), ("secret", SecretHash)]);

    /// <summary>Those of them that its token says.</summary>
    public string FieldsOfToken => Lines(OfToken());

    /// <summary>Reads what <see cref="Fields"/> writes; null if a node has entered the connection that knows nothing of details.</summary>
    public static ConnectionDetails? Read(VersionedRecord record) => TimeIn(record, "since"u8) is { } since
        ? new ConnectionDetails
        {
            Since = since,
            Transport = TextIn(record, "transport"u8) ?? "",
            Client = TextIn(record, "client"u8),
            Session = TextIn(record, "session"u8),
            Epoch = NumberIn(record, "epoch"u8) ?? 0,
            Expires = TimeIn(record, "expires"u8),
            Labels = TextIn(record, "labels"u8)?.Split(BetweenLabels) ?? [],
            SecretHash = TextIn(record, "secret"u8),
        }
        : null;

    private static string Lines(IEnumerable<(string Name, string? Value)> lines) =>
        string.Concat(lines.Where(line => line.Value is not null).Select(line => $"\n{line.Name} {line.Value}"));

    private IEnumerable<(string Name, string? Value)> OfClient() =>
        [("since", Text(Since)), ("transport", Transport), ("client", Client)];

    private IEnumerable<(string Name, string? Value)> OfToken() =>
    [
        ("session", Session),
        ("epoch", Epoch > 0 ? Epoch.ToString(CultureInfo.InvariantCulture) : null),
        ("expires", Text(Expires)),
        ("labels", Labels is [] ? null : string.Join(BetweenLabels, Labels)),
    ];

    private static string? Text(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string? TextIn(VersionedRecord record, ReadOnlySpan<byte> name) =>
        record.Find(name) is { IsEmpty: false } value ? Encoding.UTF8.GetString(value.Span) : null;

    private static DateTimeOffset? TimeIn(VersionedRecord record, ReadOnlySpan<byte> name) =>
        NumberIn(record, name) is { } milliseconds && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static long? NumberIn(VersionedRecord record, ReadOnlySpan<byte> name) =>
        long.TryParse(record.Find(name).Span, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
