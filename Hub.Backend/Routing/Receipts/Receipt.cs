using System.Globalization;
using System.Text;

namespace RealtimeHub.Routing.Receipts;

/// <summary>How far one device, or one user of a group, has handled an address, as far as that is known.</summary>
/// <param name="Holder">Whose it is.</param>
/// <param name="UpTo">The last message that it has handled.</param>
/// <param name="Ranges">What it has handled, the oldest first; at most <see cref="MostRanges"/>.</param>
internal sealed record Receipt(string Holder, Cursor UpTo, IReadOnlyList<HandledRange> Ranges)
{
    /// <summary>So many are told apart by when they were known.</summary>
    public const int MostRanges = 16;

    /// <inheritdoc cref="HandledReport.Failed"/>
    public Cursor? Failed { get; init; }

    /// <inheritdoc cref="HandledReport.Client"/>
    public string? Client { get; init; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset LastHeard => Ranges.Count > 0 ? Ranges[^1].At : DateTimeOffset.MinValue;

    /// <summary>By when a message was handled; null if that is not known.</summary>
    public DateTimeOffset? HandledBy(Cursor message)
    {
        foreach (var range in Ranges.Where(range => range.Has(message)))
        {
            return range.At;
        }

        return null;
    }

    /// <summary>What has become of a message there.</summary>
    public ReceiptState StateOf(Cursor message) =>
        HandledBy(message) is not null ? ReceiptState.Handled
        : Failed == message ? ReceiptState.Failed
        : Ranges.Count == 0 || message.Offset > Ranges[^1].UpTo ? ReceiptState.Waiting
        : message.Offset <= Ranges[0].After ? ReceiptState.Before
        : ReceiptState.Passed;

    /// <summary>As it is once a client has said how far it is.</summary>
    public static Receipt Of(Receipt? before, HandledReport report, DateTimeOffset now)
    {
        var isNews = before is null || before.Ranges.Count == 0 || report.UpTo.Offset > before.Ranges[^1].UpTo;
        return new Receipt(
            report.Holder, isNews ? report.UpTo : before!.UpTo, isNews ? Add(before?.Ranges ?? [], report, now) : before!.Ranges)
        {
            Failed = report.Failed,
            Client = report.Client,
        };
    }

    /// <summary>Reads what lies in Redis; null if it is none of ours.</summary>
    public static Receipt? Parse(string holder, ReadOnlyMemory<byte> value) =>
        VersionedRecord.TryRead(value, out var record) && Cursor.TryParse(record.Subject.Span, out var upTo)
            ? new Receipt(holder, upTo, [.. RangesIn(Encoding.UTF8.GetString(record.Find("ranges"u8).Span))])
            {
                Failed = Cursor.TryParse(record.Find("failed"u8).Span, out var failed) ? failed : null,
                Client = record.Find("client"u8) is { IsEmpty: false } client ? Encoding.UTF8.GetString(client.Span) : null,
            }
            : null;

    // As receipts-add.lua does it.
    private static HandledRange[] Add(IReadOnlyList<HandledRange> before, HandledReport report, DateTimeOffset now)
    {
        var after = before.Count > 0 ? Math.Max(before[^1].UpTo, report.After.Offset) : report.After.Offset;
        HandledRange[] ranges = [.. before, new HandledRange(after, report.UpTo.Offset, now)];
        return ranges.Length <= MostRanges ? ranges
            : ranges[0].UpTo == ranges[1].After ? [ranges[1] with { After = ranges[0].After }, .. ranges[2..]]
            : ranges[1..];
    }

    private static IEnumerable<HandledRange> RangesIn(string text)
    {
        foreach (var range in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (range.Split('-', '@') is [var after, var upTo, var at]
                && ulong.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var begin)
                && ulong.TryParse(upTo, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
                && known <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            {
                yield return new HandledRange(begin, end, DateTimeOffset.FromUnixTimeMilliseconds(known));
            }
        }
    }
}
