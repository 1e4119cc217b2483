using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Resuming;

/// <summary>
/// Tells a client what it has missed. At an address whose head this node knows, a client with that cursor has missed nothing, and no round
/// trip is needed.
/// </summary>
internal sealed class Resumption(
    IMessageRouter router, ConnectionRegistry registry, ClientEvents events, ResumeMetrics metrics,
    FollowedUsers followed, TimeProvider time)
{
    /// <summary>The most addresses that one call reads from the store; the rest waits for the next page.</summary>
    private const int MaxReads = 100;

    private const int ReadsAtOnce = 10;

    public async Task<ResumeAnswer> ResumeAsync(ClientConnection connection, ResumeRequest request, CancellationToken cancellationToken)
    {
        using var span = HubSpans.Begin("resume");
        if (connection.Cursors.TakeTurn(time.GetUtcNow()) is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        var page = new ResumePage();
        var (named, others) = Sort(connection, request, page);

        // Addresses without a cursor first. By the next call they have one, so that each call gets further.
        await BeginAsync(page, others, request.From == ResumeFrom.Retained);
        await ContinueAsync(page, named);
        var answer = page.ToAnswer();
        metrics.Answered(answer);
        span?.SetTag("realtimehub.messages", answer.Addresses.Values.Sum(address => address.Messages.Count))
            .SetTag("realtimehub.recovered", answer.Addresses.Values.All(address => address.Recovered));
        TellOfLosses(connection, answer);
        Note(connection, answer);
        return answer;
    }

    /// <summary>
    /// Splits the connection's addresses into those that the client names and those that it does not. Refuses all others.
    /// </summary>
    private static (Dictionary<Address, Cursor?> Named, IEnumerable<Address> Others) Sort(
        ClientConnection connection, ResumeRequest request, ResumePage page)
    {
        var named = new Dictionary<Address, Cursor?>();
        foreach (var (text, cursor) in request.Cursors ?? new Dictionary<string, string>())
        {
            if (Address.TryParse(text, out var address) && connection.Owns(address))
            {
                named[address] = Cursor.TryParse(cursor, out var parsed) ? parsed : null;
            }
            else
            {
                page.Refuse(text);
            }
        }

        return (named, request.From is null ? [] : connection.Addresses.Where(address => !named.ContainsKey(address)));
    }

    private void Note(ClientConnection connection, ResumeAnswer answer)
    {
        if (followed.Any)
        {
            var messages = answer.Addresses.Values.Sum(address => address.Messages.Count);
            var lost = answer.Addresses.Values.Count(address => !address.Recovered);
            followed.Note(
                connection.User?.Name, "resumed",
                $"Messages that it had missed: {messages}. Addresses where some are lost: {lost}.", connection.Id);
        }
    }

    private void TellOfLosses(ClientConnection connection, ResumeAnswer answer)
    {
        string[] lost = [.. answer.Addresses.Where(address => !address.Value.Recovered).Select(address => address.Key)];
        if (lost.Length > 0)
        {
            events.Lost(connection, lost);
        }
    }

    private async Task BeginAsync(ResumePage page, IEnumerable<Address> addresses, bool retained)
    {
        if (retained)
        {
            await ReadAsync(page, addresses, address => router.ReadRetainedAsync(address, page.Room));
            return;
        }

        foreach (var address in addresses)
        {
            page.Add(address, Nothing(HeadAt(address) ?? await router.HeadAsync(address)));
        }
    }

    private async Task ContinueAsync(ResumePage page, Dictionary<Address, Cursor?> cursors)
    {
        var (current, behind) = (new List<Address>(), new List<Address>());
        foreach (var (address, cursor) in cursors)
        {
            (cursor is not null && cursor == HeadAt(address) ? current : behind).Add(address);
        }

        await ReadAsync(page, behind, address => router.ReadAsync(address, cursors[address], page.Room));
        foreach (var address in current)
        {
            // If this does not fit, nothing is lost: the client only is not told that it has missed nothing here.
            page.TryAdd(address, Nothing(cursors[address]!.Value));
        }
    }

    private static async Task ReadAsync(ResumePage page, IEnumerable<Address> addresses, Func<Address, Task<LogPage>> read)
    {
        foreach (var (index, chunk) in addresses.Chunk(ReadsAtOnce).Index())
        {
            if (page.IsFull || index * ReadsAtOnce >= MaxReads)
            {
                page.Postpone();
                return;
            }

            var logs = await Task.WhenAll(chunk.Select(read));
            foreach (var (address, log) in chunk.Zip(logs))
            {
                page.Add(address, log);
            }
        }
    }

    private static LogPage Nothing(Cursor head) => new(Recovered: true, head, [], More: false);

    private Cursor? HeadAt(Address address) => registry.TryFind(address, out var local) ? local.Head : null;
}
