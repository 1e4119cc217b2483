using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>The groups that last in Redis, by whose clock their time is over: of each user a hash beside his directory.</summary>
internal sealed class RedisLastingGroups(RedisConnection redis, RedisKeys keys) : ILastingGroups
{
    private static readonly RedisScript ReadScript = new("record.lua", "groups.lua", "groups-read.lua");
    private static readonly RedisScript ChangeScript = new("record.lua", "groups.lua", "groups-change.lua");

    public async Task<bool> AddAsync(Address user, LastingGroup group) => (bool)await ChangeAsync(user, group.Group, group.Value);

    public Task RemoveAsync(Address user, Address group) => ChangeAsync(user, group, "");

    public async Task<IReadOnlyList<LastingGroup>> OfAsync(Address user) =>
        Read((RedisValue[])(await ReadScript.RunAsync(redis, [KeyOf(user)], []))!);

    /// <summary>Reads what <c>groups.lua</c> answers with, in the order of the names. What is none of ours is left out.</summary>
    internal static IReadOnlyList<LastingGroup> Read(RedisValue[] answer) =>
    [
        .. answer.Chunk(2).Select(group => LastingGroup.Parse(group[0]!, group[1])).OfType<LastingGroup>()
            .OrderBy(group => group.Group.ToString(), StringComparer.Ordinal),
    ];

    private Task<RedisResult> ChangeAsync(Address user, Address group, string record) => ChangeScript.RunAsync(
        redis, [KeyOf(user)], [group.Name, record, ILastingGroups.MaxGroups]);

    private RedisKey KeyOf(Address user) => keys.Of(user.ToString()).Groups;
}
