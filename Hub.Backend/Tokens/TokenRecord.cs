using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeHub.Operations;

namespace RealtimeHub.Tokens;

/// <summary>What is stored under a token: who it is for, and what they may do. The JSON is a public contract (docs/protocol.md).</summary>
public sealed record TokenRecord
{
    /// <summary>The most groups one connection may be in.</summary>
    public const int MaxGroups = 1_000;

    /// <summary>The most patterns in <see cref="MayJoin"/>.</summary>
    public const int MaxPatterns = 16;

    /// <summary>The most labels of one connection.</summary>
    public const int MaxLabels = 16;

    /// <summary>The longest label, in UTF-16 code units.</summary>
    public const int MaxLabelLength = 64;

    /// <summary>The most bytes of a record as it is stored, JSON in UTF-8: 64 KB.</summary>
    public const int MaxBytes = 64 * 1024;

    internal static readonly string TooLarge = $"it may have {MaxBytes / 1024} KB at the most as it is stored";

    private const string LabelRule = "must be 1 to 64 characters without control characters";
    private const string Over = "exp lies in the past, so the token would open nothing";

    /// <summary>
    /// The user: <c>Context.UserIdentifier</c>. 1 to 256 UTF-16 code units, no control characters, no lone surrogates; compared ordinally.
    /// </summary>
    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    /// <summary>When the token was minted. Set by the store; whatever is given here is overwritten.</summary>
    [JsonPropertyName("iat"), JsonConverter(typeof(NumericDateConverter))]
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>
    /// The epoch of the user in which the token was minted (docs/protocol.md). Set by the store; whatever is given here is overwritten.
    /// </summary>
    [JsonPropertyName("epoch")]
    public long? Epoch { get; init; }

    /// <summary>What people call the user: <c>Context.User.Identity.Name</c>.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>What <c>Context.User.IsInRole</c> and role policies see.</summary>
    [JsonPropertyName("roles")]
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>
    /// Further claims of the principal: claim type to one or more values. Not those that the other fields say (<c>sub</c>, <c>name</c>,
    /// <c>roles</c>, <c>groups</c>,
    /// <c>sid</c>, <c>exp</c>, <c>labels</c>, <c>mayJoin</c>), nor any that begin with <c>hub:</c>.
    /// </summary>
    [JsonPropertyName("claims"), JsonConverter(typeof(ClaimsConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Claims { get; init; }

    /// <summary>The groups that the connection joins as it opens, at most <see cref="MaxGroups"/>.</summary>
    [JsonPropertyName("groups")]
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>
    /// The groups that the client may join by itself, at most <see cref="MaxPatterns"/> patterns; the same rule as for <see cref="Subject"/>.
    /// In a pattern <c>*</c> stands for any characters, <c>?</c> for one, and <c>\</c> takes the meaning from the next. Without it: none.
    /// </summary>
    [JsonPropertyName("mayJoin")]
    public IReadOnlyList<string>? MayJoin { get; init; }

    /// <summary>The path of the one hub that the token opens, such as <c>/hub</c>. Without it the token opens any hub.</summary>
    [JsonPropertyName("aud")]
    public string? Audience { get; init; }

    /// <summary>
    /// The web session that the token was minted in, to act on its connections; the same rule as for <see cref="Subject"/>.
    /// </summary>
    [JsonPropertyName("sid")]
    public string? SessionId { get; init; }

    /// <summary>
    /// Words to act on many connections by, such as a tenant or an app's version: at most <see cref="MaxLabels"/>, each of 1 to
    /// <see cref="MaxLabelLength"/> UTF-16 code units, no control characters, no lone surrogates. Compared ordinally.
    /// </summary>
    [JsonPropertyName("labels")]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// When the connection ends, however long it has been open, unless it is renewed by another token. Not the end of the token, which is
    /// far sooner.
    /// </summary>
    [JsonPropertyName("exp"), JsonConverter(typeof(NumericDateConverter))]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it opens the hub at a path.</summary>
    internal bool IsFor(string hub) =>
        Audience is not { } audience || hub.Equals(audience.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong with the record, or null if nothing is.</summary>
    internal string? Mistake() =>
        !Identifier.IsValid(Subject) ? $"sub {Identifier.Rule}"
        : Groups is { Count: > MaxGroups } ? $"groups must be at most {MaxGroups}"
        : Groups is not null && !Groups.All(group => Identifier.IsValid(group)) ? $"each of groups {Identifier.Rule}"
        : MayJoin is { Count: > MaxPatterns } ? $"mayJoin must be at most {MaxPatterns}"
        : MayJoin is not null && !MayJoin.All(pattern => Identifier.IsValid(pattern)) ? $"each of mayJoin {Identifier.Rule}"
        : Roles is not null && Roles.Contains(null!) ? "each of roles must be a string"
        : SessionId is not null && !Identifier.IsValid(SessionId) ? $"sid {Identifier.Rule}"
        : Epoch < 0 ? "epoch must be a whole number of milliseconds since 1970"
        : Labels is { Count: > MaxLabels } ? $"labels must be at most {MaxLabels}"
        : Labels is not null && !Labels.All(label => Identifier.IsValid(label, MaxLabelLength)) ? $"each of labels {LabelRule}"
        : Claims is not null ? ReservedClaims.MistakeIn(Claims.Keys)
        : null;

    /// <summary>What keeps the record from being stored, or null if nothing does.</summary>
    internal string? MistakeInMinting(DateTimeOffset now) =>
        Mistake() ?? (ExpiresAt <= now ? Over : MintedAt(now, now.ToUnixTimeMilliseconds()).ToJson().Length > MaxBytes ? TooLarge : null);

    /// <exception cref="ArgumentException">The record breaks a rule.</exception>
    internal TokenRecord ForMinting(DateTimeOffset now) => MistakeInMinting(now) is { } mistake
        ? throw new ArgumentException($"The token record is refused: {mistake}.")
        : MintedAt(now, epoch: 0);

    /// <summary>The epoch of which the token is: where its minter has not read it, it is known by the time of its mint.</summary>
    /// <remarks>
    /// A minter tells whole seconds, so one second counts for it. Who tells no time either may have minted as long ago as a token can live.
    /// </remarks>
    internal long EpochAt(DateTimeOffset spent) =>
        Epoch ?? IssuedAt?.ToUnixTimeMilliseconds() + 999 ?? (spent - TokenOptions.LongestLifetime).ToUnixTimeMilliseconds();

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TokenJson.Stored.TokenRecord);

    private TokenRecord MintedAt(DateTimeOffset now, long epoch) => this with { IssuedAt = now, Epoch = epoch };

    /// <summary>Reads a record that any backend may have written: unknown fields pass, a broken record does not.</summary>
    /// <param name="json">The record as it is stored.</param>
    /// <param name="record">The record, if it is whole.</param>
    /// <param name="mistake">Otherwise which field is wrong and what it takes, without its value.</param>
    internal static bool TryParse(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out TokenRecord? record, [NotNullWhen(false)] out string? mistake)
    {
        if (json.Length > MaxBytes)
        {
            (record, mistake) = (null, TooLarge);
            return false;
        }

        try
        {
            record = JsonSerializer.Deserialize(json, TokenJson.Default.TokenRecord) ?? throw new JsonException();
            mistake = record.Mistake();
        }
        catch (JsonException broken)
        {
            (record, mistake) = (null, RecordMistake.Of(broken));
        }

        return record is not null && mistake is null;
    }
}
