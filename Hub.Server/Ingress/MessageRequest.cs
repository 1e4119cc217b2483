using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress;

/// <summary>What a backend sends to publish a message. The address is the URL.</summary>
internal record MessageRequest
{
    /// <summary>A year: <see cref="PublishOptions.LongestTimeToLive"/>.</summary>
    private const int LongestTtl = 31_536_000;

    /// <summary>The word by which clients choose their handlers.</summary>
    public required string Type { get; init; }

    /// <summary>Any JSON, <c>null</c> included.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>See <see cref="PublishOptions.IdempotencyKey"/>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>See <see cref="PublishOptions.TimeToLive"/>.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>See <see cref="PublishOptions.Transient"/>.</summary>
    public bool Transient { get; init; }

    /// <summary>See <see cref="PublishOptions.Receipt"/>.</summary>
    public bool Receipt { get; init; }

    /// <summary>Returns what to publish, or what is wrong with the request: where, and what to do.</summary>
    /// <remarks>Its body was valid UTF-8, and so is its payload.</remarks>
    public bool TryRead(
        Address address, out CheckedPublication publication, [NotNullWhen(false)] out string? mistake, bool isAwaited = false)
    {
        publication = default;
        mistake = MistakeInFields(address, isAwaited);
        if (mistake is not null)
        {
            return false;
        }

        if (!CheckedPublication.TryOf(To(address, isAwaited), isUtf8: true, out publication, out var broken))
        {
            mistake = $"At $.payload: {broken}";
            return false;
        }

        return true;
    }

    private string? MistakeInFields(Address address, bool isAwaited) => this switch
    {
        _ when !PushMessage.IsType(Type) => $"At $.type: {PushMessage.TypeRule}",
        { IdempotencyKey: { } key } when !Identifier.IsValid(key) => $"At $.idempotencyKey: the idempotency key {Identifier.Rule}. Leave it out if you need none.",
        { TtlSeconds: < 1 or > LongestTtl } => $"At $.ttlSeconds: the time to live must be 1 to {LongestTtl} seconds. Left out, the message lives as long as it is retained.",
        { Transient: true, IdempotencyKey: not null } => "At $.idempotencyKey: a transient message stands in no log, so it has no idempotency key. Leave out one of the two.",
        { Transient: true, TtlSeconds: not null } => "At $.ttlSeconds: a transient message stands in no log, so it has no time to live. Leave out one of the two.",
        { Receipt: true, Transient: true } => "At $.receipt: a transient message stands in no log, so there is no receipt of it. Leave out one of the two.",
        { Receipt: true } when !address.IsUser => "At $.receipt: only of a message to a user, not to a group or everyone. GET /api/groups/{group}/messages/{id} says who of a group has handled one.",
        { Transient: true } when isAwaited => "At $.transient: a transient message stands in no log, so nobody can wait until it is handled. Leave out wait or transient.",
        _ => null,
    };

    private Publication To(Address address, bool isAwaited) => new(address, Type, Payload, new PublishOptions
    {
        IdempotencyKey = IdempotencyKey,
        TimeToLive = TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Transient = Transient,
        Receipt = Receipt,
        IsAwaited = isAwaited,
    });
}
