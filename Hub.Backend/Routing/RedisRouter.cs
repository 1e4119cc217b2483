using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>Directory and logs in Redis. Each step is one script, so that none is ever half done.</summary>
/// <remarks>A process that only publishes has no node's id.</remarks>
internal sealed class RedisRouter(
    RedisConnection redis, RedisKeys keys, IOptions<RoutingOptions> options, IOptions<UserLimitOptions> limits, RecordedEvents recorded,
    TimeProvider time, NodeId? node = null)
    : IMessageRouter
{
    /// <summary>So many attachments are looked at by one script: Redis does nothing else meanwhile.</summary>
    private const int LookedAtOnce = 256;

    /// <summary>What the script answers instead of an id.</summary>
    private const string Conflict = "conflict";

    /// <summary>What the script answers of a user who is banned.</summary>
    private const string Banned = "banned";

    /// <summary>What the script answers of a connection that its user may keep.</summary>
    private const string Renewed = "renewed";

    /// <summary>What the script answers of a user who has as many connections as he may have.</summary>
    private const string Full = "full";

    private static readonly RedisScript AttachScript = new(
        "record.lua", "log.lua", "refusal.lua", "limit.lua", "reconnects.lua", "groups.lua", "events.lua", "presence.lua", "attach.lua");

    private static readonly RedisScript RenewScript = new("refusal.lua", "renew.lua");
    private static readonly RedisScript LookScript = new("look.lua");
    private static readonly RedisScript PublishScript = new("shebang.lua", "record.lua", "log.lua", "route.lua", "publish.lua");
    private static readonly RedisScript PublishToEveryoneScript = new("shebang.lua", "record.lua", "log.lua", "everyone.lua", "publish.lua");
    private static readonly RedisScript SendScript = new("record.lua", "route.lua", "send.lua");
    private static readonly RedisScript SendToEveryoneScript = new("everyone.lua", "send.lua");
    private static readonly RedisScript TellScript = new("tell.lua");
    private static readonly RedisScript FindScript = new("record.lua", "log.lua", "find.lua");
    private static readonly RedisScript TailScript = new("record.lua", "log.lua", "tail.lua");
    private static readonly RedisScript ReadScript = new("record.lua", "log.lua", "read.lua");

    private readonly FrameWriter _frames = new(node);
    private readonly LastPublished _published = new(time);
    private readonly GroupCommit _commits = new(isCluster: () => redis.IsCluster);
    private readonly RedisValue _resultLife = InMilliseconds(RoutingOptions.IdempotencyMemory);
    private readonly RedisValue _maxAge = InMilliseconds(options.Value.MaxAge);
    private readonly RedisValue _headLife = InMilliseconds(options.Value.HeadLife);

    public async Task<AttachResult> AttachAsync(
        Address address, string connectionId, Cursor? known = null, ConnectionDetails? details = null,
        ReadOnlyMemory<byte> record = default)
    {
        var entry = EntryOf(address, connectionId) with { Details = details };

        // Before it, so that a node that dies now leaves nothing that is not noted: on the same way, or on a Cluster, where it takes
        // another, waiting for it.
        var noted = entry.NoteAsync(redis, keys);
        await (redis.IsCluster ? noted : Task.CompletedTask);
        var entered = EnterAsync(entry, known, record);
        await noted;
        return await entered;
    }

    public async Task<AttachResult> RenewAsync(
        Address user, string connectionId, ConnectionDetails details, ReadOnlyMemory<byte> record = default)
    {
        var (of, entry) = (keys.Of(user.ToString()), EntryOf(user, connectionId) with { Details = details });
        var answer = (RedisResult[])(await RenewScript.RunAsync(
            redis, [of.Connections, of.Epoch, of.Reconnects],
            [entry.Field, entry.Value, details.Epoch, details.Session ?? "", .. SecretOf(entry, record)]))!;
        return (string?)answer[0] == Renewed
            ? new AttachResult(AttachOutcome.Attached)
            : RefusalOf((string?)answer[0], answer is [_, var text] ? (string?)text : null);
    }

    public Task DetachAsync(Address address, string connectionId, bool isForGood = false) =>
        EntryOf(address, connectionId).RemoveAsync(redis, keys, recorded.OfPresence, isForGood);

    /// <remarks>On a Cluster no script can look at several addresses: there each is attached again.</remarks>
    public async Task<IReadOnlySet<Address>> FindChangedAsync(IReadOnlyCollection<Attachment> attachments)
    {
        if (redis.IsCluster)
        {
            return attachments.Select(attachment => attachment.Address).ToHashSet();
        }

        var changed = new HashSet<Address>();
        foreach (var looked in attachments.Chunk(LookedAtOnce))
        {
            foreach (var number in (int[])(await LookAtAsync(looked))!)
            {
                changed.Add(looked[number - 1].Address);
            }
        }

        return changed;
    }

    public Task<Cursor> PublishAsync(Envelope message) => message.IsTransient
        ? SendTransientAsync(message)
        : _commits.SendAsync(() => AppendAsync(message, _published.LastAt(message.Address), isFollowed: false));

    public Task ForgetAsync(Address address)
    {
        var of = keys.Of(address.ToString());
        return redis.Database.KeyDeleteAsync([of.Head, of.Log]).OrUnavailable(redis);
    }

    /// <remarks>They are pipelined on one connection.</remarks>
    public IReadOnlyList<Task<Cursor>> PublishAll(IReadOnlyList<Envelope> messages)
    {
        var published = new List<Task<Cursor>>(messages.Count);
        var counts = messages.CountBy(message => message.Address).ToDictionary();
        var begun = new HashSet<Address>();
        foreach (var message in messages)
        {
            if (message.IsTransient)
            {
                published.Add(SendTransientAsync(message));
            }
            else if (begun.Add(message.Address))
            {
                published.Add(AppendAsync(message, _published.LastAt(message.Address), isFollowed: counts[message.Address] > 1));
            }
            else
            {
                published.Add(AppendAsync(message, known: null, isFollowed: false));
            }
        }

        return published;
    }

    public async Task<Cursor> HeadAsync(Address address, Cursor? known = null)
    {
        var of = keys.Of(address.ToString());
        return (await RunAttachAsync(address, [of.Head, of.Log], [Cursor.RandomTag(), _headLife, Text(known)])).Head;
    }

    public Task<LogPage> ReadAsync(Address address, Cursor? after, int maxBytes) => ReadAsync(
        address, Text(after), after is { } cursor ? Above(cursor) : "-", recovered: 0, maxBytes);

    public Task<LogPage> ReadRetainedAsync(Address address, int maxBytes) => ReadAsync(address, "", "-", recovered: 1, maxBytes);

    public async Task<LogEntry> FindAsync(Address address, Cursor id)
    {
        var of = keys.Of(address.ToString());
        var answer = (RedisResult[])(await FindScript.RunAsync(redis, [of.Head, of.Log], [id.ToString(), _maxAge]))!;
        var state = Enum.Parse<LogEntryState>((string)answer[0]!, ignoreCase: true);
        return answer is not [_, var after, var publishedAt, var timeToLive, var publisher, var body]
            ? new LogEntry(state)
            : new LogEntry(state)
            {
                Message = new RoutedMessage(address, id, ToCursor(after), (byte[])body!),
                PublishedAt = DateTimeOffset.FromUnixTimeMilliseconds((long)publishedAt),
                TimeToLive = ToTimeToLive(timeToLive),
                Publisher = ToPublisher(publisher),
            };
    }

    public async Task<LogTail> TailAsync(Address address, int limit)
    {
        var answer = (RedisResult[])(await TailScript.RunAsync(
            redis, [keys.Of(address.ToString()).Log], [limit, _maxAge, TailEntry.MaxOpening]))!;
        return new LogTail((int)answer[0], (int)answer[1], [.. answer.Skip(2).Chunk(6).Select(ToTailEntry)]);
    }

    public Task SendCommandAsync(Address address, ReadOnlyMemory<byte> command) => SendAsync(address, _frames.Command(command));

    /// <remarks>On a Cluster only those are counted who listen at the primary that was asked: none there says nothing.</remarks>
    public async Task<bool> SendCommandAsync(NodeId to, ReadOnlyMemory<byte> command)
    {
        var listening = await TellScript.RunAsync(redis, [], [$"{keys.NodeInScript}{to}", _frames.Command(command)]);
        return (long)listening > 0 || redis.IsCluster;
    }

    private DirectoryEntry EntryOf(Address address, string connectionId) => node is { } self
        ? new DirectoryEntry(self, address, connectionId)
        : throw new InvalidOperationException("Only a node attaches connections, and this process is none: AddPushHub makes it one.");

    private Task<RedisResult> LookAtAsync(Attachment[] attachments)
    {
        var self = EntryOf(Address.Everyone, "");
        var touched = new List<RedisKey>((attachments.Length * 2) + 1) { keys.Attached(self.Node.Value) };
        var arguments = new List<RedisValue>((attachments.Length * 4) + 2) { self.Value, _headLife };
        foreach (var (address, connectionId, head) in attachments)
        {
            var of = keys.Of(address.ToString());
            var entry = EntryOf(address, connectionId ?? "");
            var directory = connectionId is null ? null : entry.Directory(of);
            touched.AddRange(of.Head, directory ?? of.Nodes);
            arguments.AddRange(
                Text(head), connectionId is null ? "" : entry.NoteField, entry.Note, directory is null ? "" : entry.Field);
        }

        return LookScript.RunAsync(redis, [.. touched], [.. arguments]);
    }

    private async Task<Cursor> SendTransientAsync(Envelope message)
    {
        var id = Cursor.Transient();
        await SendAsync(message.Address, _frames.Transient(message, id));
        return id;
    }

    // What is known is what this process was answered before (LastPublished). What is followed has others to the same address right
    // behind it, which must not overtake it.
    private async Task<Cursor> AppendAsync(Envelope message, Cursor? known, bool isFollowed)
    {
        var route = Route(message.Address);
        var of = keys.Of(message.Address.ToString());
        RedisKey[] touched = message switch
        {
            { IdempotencyKey: { } key, Follows: { } before } => [of.Head, of.Log, route.Directory, of.Published(key), of.Published(before)],
            { IdempotencyKey: { } key } => [of.Head, of.Log, route.Directory, of.Published(key)],
            _ => [of.Head, of.Log, route.Directory],
        };
        RedisValue[] arguments =
        [
            Cursor.RandomTag(), _headLife, message.Body, options.Value.MaxMessages, _maxAge, route.Channel, _frames.Opening(message),
            Text(known), .. SpecialsOf(message),
        ];
        var script = route.IsDirectory ? PublishScript : PublishToEveryoneScript;
        var published = isFollowed ? script.EvalAsync(redis, touched, arguments) : script.RunAsync(redis, touched, arguments);
        var answer = await published;
        return (string?)answer == Conflict
            ? throw new IdempotencyConflictException()
            : _published.Remember(message.Address, known, ToCursor(answer));
    }

    // What not every message has.
    private RedisValue[] SpecialsOf(Envelope message)
    {
        var fields = FieldsOf(message);
        return message.IdempotencyKey is not null ? [fields, _resultLife, message.Fingerprint]
            : fields.Length > 0 ? [fields]
            : [];
    }

    private static string FieldsOf(Envelope message)
    {
        var life = message.TimeToLive is { } timeToLive ? $"\nttl {InMilliseconds(timeToLive)}" : "";
        return message.Publisher is { } publisher ? $"{life}\nby {publisher}" : life;
    }

    // Of a user, the epoch is compared, and the connections are counted, in the step that enters the connection.
    private Task<AttachResult> EnterAsync(DirectoryEntry entry, Cursor? known, ReadOnlyMemory<byte> record)
    {
        var of = keys.Of(entry.Address.ToString());
        RedisValue[] arguments = [Cursor.RandomTag(), _headLife, Text(known), entry.Field, entry.Value];
        return entry.Directory(of) is not { } directory ? RunAttachAsync(entry.Address, [of.Head, of.Log], arguments)
            : entry.Address.IsGroup ? RunAttachAsync(entry.Address, [of.Head, of.Log, directory], arguments)
            : RunAttachAsync(
                entry.Address, [of.Head, of.Log, directory, of.Epoch, of.Reconnects, of.Groups, .. PresenceAt(of)],
                [
                    .. arguments, entry.Details?.Epoch ?? 0, entry.Details?.Session ?? "", .. limits.Value.InScript(redis, keys),
                    .. SecretOf(entry, record), entry.Address.ToString(),
                ]);
    }

    private RedisKey[] PresenceAt(AddressKeys of) =>
        !recorded.OfPresence ? []
        : redis.IsCluster ? [of.Presence, of.Events]
        : [of.Presence, of.Events, keys.DueEvents];

    private static RedisValue[] SecretOf(DirectoryEntry entry, ReadOnlyMemory<byte> record) =>
        entry.Details?.SecretHash is not { } hash ? ["", ""]
        : record.IsEmpty ? [hash, ""]
        : [hash, entry.Reconnect(record.Span)];

    private async Task<AttachResult> RunAttachAsync(Address address, RedisKey[] touched, RedisValue[] arguments)
    {
        var answer = (RedisResult[])(await AttachScript.RunAsync(redis, touched, arguments))!;
        if ((string?)answer[0] is not { Length: > 0 })
        {
            return RefusalOf((string?)answer[2], answer is [_, _, _, var text] ? (string?)text : null);
        }

        var head = ToCursor(answer[0]);
        if ((bool)answer[1])
        {
            await SendAsync(address, _frames.Gap(address, head));
        }

        if (answer.Length > 3 && redis.IsCluster)
        {
            await new RedisTurns(redis, keys.DueEvents).ListAsync(address);
        }

        return new AttachResult(AttachOutcome.Attached, head)
        {
            Lasting = answer is [_, _, { Length: > 0 } lasting, ..] ? RedisLastingGroups.Read((RedisValue[])lasting!) : null,
        };
    }

    private static AttachResult RefusalOf(string? refusal, string? text) => refusal switch
    {
        Banned => new AttachResult(AttachOutcome.Banned, Text: text is { Length: > 0 } ? text : null),
        Full => new AttachResult(AttachOutcome.Full),
        _ => new AttachResult(AttachOutcome.Ended),
    };

    private async Task<LogPage> ReadAsync(Address address, string cursor, string from, int recovered, int maxBytes)
    {
        var of = keys.Of(address.ToString());
        var answer = (RedisResult[])(await ReadScript.RunAsync(
            redis, [of.Head, of.Log], [Cursor.RandomTag(), _headLife, cursor, from, recovered, maxBytes, _maxAge]))!;
        RoutedMessage[] messages = [.. answer.Skip(3).Chunk(3).Select(
            entry => new RoutedMessage(address, ToCursor(entry[0]), ToCursor(entry[1]), (byte[])entry[2]!))];
        return new LogPage((bool)answer[0], ToCursor(answer[1]), messages, More: (bool)answer[2]);
    }

    private Task<RedisResult> SendAsync(Address address, byte[] frame)
    {
        var route = Route(address);
        return route.IsDirectory
            ? SendScript.RunAsync(redis, [route.Directory], [route.Channel, frame])
            : SendToEveryoneScript.RunAsync(redis, [], [route.Channel, frame]);
    }

    private (bool IsDirectory, RedisKey Directory, RedisValue Channel) Route(Address address)
    {
        var of = keys.Of(address.ToString());
        return address.Match<(bool, RedisKey, RedisValue)>(
            _ => (true, of.Connections, keys.NodeInScript),
            _ => (true, of.Nodes, keys.NodeInScript),
            () => (false, of.Nodes, keys.EveryoneInScript));
    }

    // Nothing lies above the highest id, but Redis has no id for that.
    private static string Above(Cursor cursor) =>
        (cursor.Offset == ulong.MaxValue ? new Cursor(ulong.MaxValue, ulong.MaxValue) : new Cursor(cursor.Offset + 1, 0)).ToString();

    private static string Text(Cursor? cursor) => cursor?.ToString() ?? "";

    private static Cursor ToCursor(RedisResult answer) => Cursor.TryParse((string?)answer, out var cursor)
        ? cursor
        : throw new InvalidOperationException("A log in Redis has an id that is none of ours.");

    private static TailEntry ToTailEntry(RedisResult[] entry) => new(
        ToCursor(entry[0]), DateTimeOffset.FromUnixTimeMilliseconds((long)entry[1]), ToTimeToLive(entry[2]), ToPublisher(entry[3]),
        (int)entry[4], (byte[])entry[5]!);

    private static TimeSpan? ToTimeToLive(RedisResult milliseconds) =>
        (string?)milliseconds is { Length: > 0 } ? TimeSpan.FromMilliseconds((double)milliseconds) : null;

    private static string? ToPublisher(RedisResult encoded) =>
        (string?)encoded is { Length: > 0 } publisher ? Uri.UnescapeDataString(publisher) : null;

    private static RedisValue InMilliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
